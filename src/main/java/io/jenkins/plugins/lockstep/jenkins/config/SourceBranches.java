package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Item;
import org.jspecify.annotations.Nullable;

/** Finds the branches that jobs stand for. */
@FunctionalInterface
interface SourceBranches {

    /** Returns null for what is no job of a multibranch project. */
    @Nullable
    SourceBranch of(Item item);
}
