package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.Folder;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.TestJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UseRuleTest {

    private static final SourceBranches NONE = item -> null;

    private final Folder ops = new Folder(TestItems.ROOT, "ops");
    private final Folder shop = new Folder(ops, "shop");
    private final TestJob cart = new TestJob(shop, "cart");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                                      | true
                    ops               | true
                    ops/shop          | true
                    ops/*             | true
                    ops/shop/cart     | true
                    other, ops/sh*    | true
                    **                | true
                    shop              | false
                    cart              | false
                    op                | false
                    ops/shop/car      | false
                    ops/shop/cart/x   | false
                    other             | false
                    """)
    void aFolderTakesInWhatIsInIt(String folders, boolean allowed) {
        var entry = new ClusterEntry("prod");
        entry.setFolders(folders);

        assertThat(new UseRule(entry).takesPlaceOf(cart)).isEqualTo(allowed);
    }

    @Test
    void aJobElsewhereIsToldForWhomTheClusterIs() {
        var entry = new ClusterEntry("prod");
        entry.setFolders("billing infra/*");

        assertThatThrownBy(() -> new UseRule(entry).check(cart, NONE, null))
                .isInstanceOfSatisfying(DeliveryException.class, refusal -> {
                    assertThat(refusal.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
                    assertThat(refusal.what()).isEqualTo("ops/shop/cart may not use cluster 'prod'");
                    assertThat(refusal.why()).isEqualTo("it is for billing, infra/* and what is in there");
                });
    }

    @ParameterizedTest
    @CsvSource({"main, true", "release/1.2, true", "v1.0, true", "release/1/2, false", "feature, false", "PR-3, false"})
    void aBranchGoesByItsName(String name, boolean allowed) {
        var entry = new ClusterEntry("prod");
        entry.setBranches("main release/* v*");
        var rule = new UseRule(entry);

        if (allowed) {
            assertThatNoException().isThrownBy(() -> rule.check(cart, item -> new Branch(name, null), null));
        } else {
            assertThatThrownBy(() -> rule.check(cart, item -> new Branch(name, null), null))
                    .hasMessageContaining("it is for the branches main, release/*, v*, and this is " + name);
        }
    }

    @Test
    void aJobWithoutABranchGoesByItsFolderAlone() {
        var entry = new ClusterEntry("prod");
        entry.setBranches("main");

        assertThatNoException().isThrownBy(() -> new UseRule(entry).check(cart, NONE, null));
    }

    @Test
    void aDoubtfulPullRequestIsRefusedUnlessTheClusterTakesAny() {
        var entry = new ClusterEntry("preview");
        SourceBranches fork = item -> new Branch("PR-3", "PR-3 is an untrusted pull request");

        assertThatThrownBy(() -> new UseRule(entry).check(cart, fork, null))
                .hasMessageContaining("PR-3 is an untrusted pull request");

        entry.setUntrustedPullRequests(true);
        assertThatNoException().isThrownBy(() -> new UseRule(entry).check(cart, fork, null));
    }

    private record Branch(String name, String doubt) implements SourceBranch {

        @Override
        public String doubt(Run<?, ?> run) {
            return doubt;
        }
    }
}
