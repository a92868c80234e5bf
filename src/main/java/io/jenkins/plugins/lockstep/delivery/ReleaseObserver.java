package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Release;

/** Is told once the ledger has a release, before anything of it is applied; what fails there must not come back. */
@FunctionalInterface
public interface ReleaseObserver {

    /** Wants to know nothing. */
    ReleaseObserver NONE = release -> {};

    /**
     * Notes a release that has begun.
     *
     * @param release with its number; a {@link ResumeRequest} with that number continues it
     */
    void began(Release release);
}
