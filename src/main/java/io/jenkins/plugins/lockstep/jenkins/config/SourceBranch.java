package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Run;
import org.jspecify.annotations.Nullable;

/** The branch, tag or pull request that a job of a multibranch project stands for. */
interface SourceBranch {

    /** Returns what the project calls it: {@code main}, {@code v1.2}, {@code PR-12}. */
    String name();

    /**
     * Returns why what is built is not to be trusted, null where it is.
     *
     * @param run of which the revision is looked at, null for the job's last one
     */
    @Nullable
    String doubt(@Nullable Run<?, ?> run);
}
