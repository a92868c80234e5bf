package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Item;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/** Finds the branches that jobs stand for. */
@FunctionalInterface
interface SourceBranches {

    /** Asks the SCM API plugin. Without it there is no multibranch project either. */
    SourceBranches INSTALLED = item -> Jenkins.get().getPlugin("scm-api") == null ? null : ScmSourceBranch.of(item);

    /** Returns null for what is no job of a multibranch project. */
    @Nullable
    SourceBranch of(Item item);
}
