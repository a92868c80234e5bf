package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.jenkins.run.ControllerOperations;

/** Where the pages get the engine's operations from. Not for other plugins: tests count here what a page asks for. */
public interface JobOperations extends ExtensionPoint {

    /**
     * Returns the operations of an application of a job. They take long: never call one in a request.
     *
     * @throws io.jenkins.plugins.lockstep.common.DeliveryException where no build of the job keeps what they need
     */
    ControllerOperations of(Job<?, ?> job, String app);

    /** Returns those that this controller uses. */
    static ControllerOperations find(Job<?, ?> job, String app) {
        return ExtensionList.lookupFirst(JobOperations.class).of(job, app);
    }
}
