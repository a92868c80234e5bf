package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.Computer;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AccessDeniedException3;
import hudson.security.Permission;
import java.io.IOException;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who may release: the user who asks, and in a build whoever it runs as. */
@WithJenkins
class PermissionsTest {

    @Test
    void permissionsGuardItemsAndBuilds(JenkinsRule jenkins) throws Exception {
        assertThat(Permission.fromId(LockstepPermissions.class.getName() + ".Deploy"))
                .isSameAs(LockstepPermissions.DEPLOY);
        assertThat(Permission.getAll()).contains(LockstepPermissions.DEPLOY, LockstepPermissions.ROLLBACK);

        Folder shop = jenkins.createProject(Folder.class, "shop");
        FreeStyleProject cart = shop.createProject(FreeStyleProject.class, "cart");
        cart.getBuildersList().add(new Deploys());
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Computer.BUILD)
                .everywhere()
                .to("owner", "deployer", "guest")
                .grant(Item.CONFIGURE)
                .onFolders(shop)
                .to("owner")
                .grant(LockstepPermissions.DEPLOY)
                .onFolders(shop)
                .to("deployer"));

        try (ACLContext owner = as("owner")) {
            LockstepPermissions.checkDeploy(cart);
            LockstepPermissions.checkRollback(cart);
            LockstepPermissions.checkRollback(shop);
            assertThat(Requester.current().by()).isEqualTo("owner");
        }
        try (ACLContext deployer = as("deployer")) {
            LockstepPermissions.checkDeploy(cart);
            assertThatThrownBy(() -> LockstepPermissions.checkRollback(cart))
                    .isInstanceOf(AccessDeniedException3.class)
                    .hasMessageContaining("Lockstep/Rollback");
        }
        try (ACLContext guest = as("guest")) {
            assertThatThrownBy(() -> LockstepPermissions.checkDeploy(cart)).isInstanceOf(AccessDeniedException3.class);
        }

        jenkins.assertLogContains("by jenkins\n", jenkins.buildAndAssertSuccess(cart));
        FreeStyleBuild started =
                jenkins.assertBuildStatusSuccess(cart.scheduleBuild2(0, new Cause.UserIdCause("guest")));
        jenkins.assertLogContains("by guest\n", started);
        runAs("deployer");
        jenkins.assertLogContains(
                "by guest, as deployer\n",
                jenkins.assertBuildStatusSuccess(cart.scheduleBuild2(0, new Cause.UserIdCause("guest"))));
        runAs("guest");
        FreeStyleBuild refused = jenkins.buildAndAssertStatus(Result.FAILURE, cart);
        jenkins.assertLogContains(
                "this build runs as guest, who lacks the permission Lockstep/Deploy on shop/cart", refused);
    }

    private static void runAs(String user) {
        var authenticators = QueueItemAuthenticatorConfiguration.get().getAuthenticators();
        authenticators.clear();
        authenticators.add(new MockQueueItemAuthenticator()
                .authenticate("shop/cart", User.getById(user, true).impersonate2()));
    }

    private static ACLContext as(String user) {
        return ACL.as2(User.getById(user, true).impersonate2());
    }

    /** Does what a step or builder does first. */
    private static final class Deploys extends TestBuilder {

        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws IOException {
            listener.getLogger()
                    .println("by " + LockstepPermissions.checkDeploy(build).by());
            return true;
        }
    }
}
