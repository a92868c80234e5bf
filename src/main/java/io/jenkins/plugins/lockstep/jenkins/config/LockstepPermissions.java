package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.AbortException;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;
import jenkins.util.NonLocalizable;
import org.springframework.security.core.Authentication;

/**
 * Who may release. Whoever may configure a job or folder may do both, unless an authorization strategy says otherwise.
 *
 * <p>A person who asks (a button, REST, the command line of Jenkins) needs the permission on the item. In a build it is
 * the build's own authentication: a build runs as SYSTEM, which may do everything, unless something like the Authorize
 * Project plugin says otherwise.
 */
public final class LockstepPermissions {

    /** What authorization strategies show them under. */
    public static final PermissionGroup GROUP =
            new PermissionGroup(LockstepPermissions.class, new NonLocalizable("Lockstep"));

    /** Lets an environment be changed to another revision, held, or cleaned up. */
    public static final Permission DEPLOY = new Permission(
            GROUP,
            "Deploy",
            new NonLocalizable("Deploy to the environments of a job or folder, hold them and clean them up"),
            Item.CONFIGURE,
            PermissionScope.ITEM);

    /** Lets an earlier release of an environment be brought back. */
    public static final Permission ROLLBACK = new Permission(
            GROUP,
            "Rollback",
            new NonLocalizable("Bring an earlier release back to the environments of a job or folder"),
            Item.CONFIGURE,
            PermissionScope.ITEM);

    private LockstepPermissions() {}

    /** Makes sure that the permissions are there: they are as soon as this class is. */
    static void define() {}

    /**
     * Makes sure that the user who asks may deploy.
     *
     * @throws RuntimeException that Jenkins answers with 403
     */
    public static void checkDeploy(Item item) {
        item.checkPermission(DEPLOY);
    }

    /**
     * Makes sure that the user who asks may roll back.
     *
     * @throws RuntimeException that Jenkins answers with 403
     */
    public static void checkRollback(Item item) {
        item.checkPermission(ROLLBACK);
    }

    /**
     * Makes sure that a build may deploy. To be called in the build's own thread (a step's start, a builder's
     * perform): only that is authenticated as the build.
     *
     * @return who it is, for the ledger
     * @throws AbortException where it may not
     */
    public static Requester checkDeploy(Run<?, ?> run) throws AbortException {
        return check(run, DEPLOY, Jenkins.getAuthentication2());
    }

    /** As {@link #checkDeploy(Run)}, for a rollback. */
    public static Requester checkRollback(Run<?, ?> run) throws AbortException {
        return check(run, ROLLBACK, Jenkins.getAuthentication2());
    }

    static Requester check(Run<?, ?> run, Permission permission, Authentication authentication) throws AbortException {
        if (!run.getParent().hasPermission2(authentication, permission)) {
            throw new AbortException(
                    "this build runs as " + authentication.getName() + ", who lacks the permission Lockstep/"
                            + permission.name + " on " + run.getParent().getFullName()
                            + "\n  hint: give it to them there, or let the build run as someone who has it");
        }
        return Requester.of(run, authentication);
    }
}
