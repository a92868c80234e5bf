package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.jenkins.run.ControllerOperations;
import io.jenkins.plugins.lockstep.jenkins.run.KeptBundle;
import jenkins.YesNoMaybe;

/** The operations with the newest bundle that a build of the job keeps, at the clusters that the job may use. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class KeptOperations implements JobOperations {

    @Override
    public ControllerOperations of(Job<?, ?> job, String app) {
        KeptBundle bundle = KeptBundle.newest(job, app).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_USAGE, "no build of " + job.getFullName() + " keeps a bundle of " + app)
                .why("the builds that did are gone, or nothing was built here with a configured cluster")
                .hint("build once more"));
        return ControllerOperations.of(job, bundle);
    }
}
