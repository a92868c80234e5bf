package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import java.util.Collection;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.model.TransientActionFactory;

/** Gives a release board to each job of which a run ever kept something of Lockstep. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
@SuppressWarnings("rawtypes")
public final class ReleaseBoardFactory extends TransientActionFactory<Job> {

    @Override
    public Class<Job> type() {
        return Job.class;
    }

    @Override
    public Collection<? extends Action> createFor(Job job) {
        return Boards.get().has(job) ? List.of(new ReleaseBoardAction(job)) : List.of();
    }
}
