package io.jenkins.plugins.lockstep.delivery;

/** Where it is known what a project is: from its repository, or from a bundle where no repository is at hand. */
public sealed interface ProjectSource permits ProjectLocation, BundledProject {

    /** Returns the same source at the checked-out commit; a bundle has only its own. */
    ProjectSource atHead();
}
