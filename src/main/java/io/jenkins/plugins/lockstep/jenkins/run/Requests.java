package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepPermissions;
import io.jenkins.plugins.lockstep.jenkins.config.Requester;

/** Whether a build may have an operation, and on whose behalf it asks. */
public final class Requests {

    private Requests() {}

    /**
     * Admits an operation of a build. To be called in the build's own thread: only that is authenticated as the build.
     *
     * @return who asks, as the ledger tells it
     * @throws AbortException where the build's authentication lacks the permission
     */
    public static String admitted(Operation operation, Run<?, ?> run) throws AbortException {
        Requester requester;
        if (operation.rollsBack()) {
            requester = LockstepPermissions.checkRollback(run);
        } else if (operation.deploys()) {
            requester = LockstepPermissions.checkDeploy(run);
        } else {
            requester = Requester.of(run);
        }
        return requester.by();
    }
}
