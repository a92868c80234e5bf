package io.jenkins.plugins.lockstep.jenkins.run;

/** Is told how far a release is, from the machine that runs it; crosses to an agent as a proxy. */
public interface ReleaseWatch {

    /** Notes that the ledger has the release, before anything is applied. */
    void began(int number);

    /** Notes that the operation has ended, however it did, and that the ledger says so. */
    void ended();
}
