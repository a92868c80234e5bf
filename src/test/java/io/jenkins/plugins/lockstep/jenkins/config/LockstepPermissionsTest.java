package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.model.Item;
import hudson.security.ACL;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.Build;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.TestJob;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.core.Authentication;

class LockstepPermissionsTest {

    private static final Authentication DEPLOYER = () -> "deployer";
    private static final Authentication GUEST = () -> "guest";

    private final TestJob cart =
            new TestJob(TestItems.ROOT, "cart", Map.of("deployer", Set.of(LockstepPermissions.DEPLOY)));

    @Test
    void whoMayConfigureMayReleaseAsWell() {
        assertThat(LockstepPermissions.DEPLOY.impliedBy).isSameAs(Item.CONFIGURE);
        assertThat(LockstepPermissions.ROLLBACK.impliedBy).isSameAs(Item.CONFIGURE);
        assertThat(LockstepPermissions.GROUP.title).hasToString("Lockstep");
    }

    @Test
    void aBuildNeedsThePermissionOfWhomItRunsAs() throws Exception {
        var build = new Build(cart, "alice");

        assertThat(LockstepPermissions.check(build, LockstepPermissions.DEPLOY, DEPLOYER))
                .isEqualTo(new Requester("alice", "deployer"));
        assertThatThrownBy(() -> LockstepPermissions.check(build, LockstepPermissions.ROLLBACK, DEPLOYER))
                .isInstanceOf(AbortException.class)
                .hasMessageStartingWith(
                        "this build runs as deployer, who lacks the permission Lockstep/Rollback on cart");
        assertThatThrownBy(() -> LockstepPermissions.check(build, LockstepPermissions.DEPLOY, GUEST))
                .isInstanceOf(AbortException.class);
    }

    @Test
    void aBuildThatRunsAsSystemMayDoEverything() throws Exception {
        assertThat(LockstepPermissions.checkRollback(new Build(cart, null))).isEqualTo(new Requester(null, null));
        assertThat(LockstepPermissions.check(new Build(cart, null), LockstepPermissions.DEPLOY, ACL.SYSTEM2)
                        .by())
                .isEqualTo("jenkins");
    }

    @ParameterizedTest
    @CsvSource({
        ", , jenkins",
        "alice, , alice",
        "alice, alice, alice",
        "alice, deployer, 'alice, as deployer'",
        ", deployer, 'jenkins, as deployer'",
    })
    void theLedgerNamesThePersonAndWhomTheBuildRunsAs(String user, String authentication, String by) {
        assertThat(new Requester(user, authentication).by()).isEqualTo(by);
    }
}
