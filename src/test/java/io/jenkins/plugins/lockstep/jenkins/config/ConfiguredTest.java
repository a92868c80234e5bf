package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.Folder;
import io.jenkins.plugins.lockstep.jenkins.config.TestItems.TestJob;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What entries an item has; credentials need a controller. */
class ConfiguredTest {

    private final Folder shop = new Folder(TestItems.ROOT, "shop");
    private final TestJob cart = new TestJob(shop, "cart");

    @Test
    void ofClustersWithTheSameNameTheNearestCounts() {
        ClusterEntry near = cluster("prod", "shop");
        ClusterEntry far = cluster("prod", "global");

        var configured = configured(entries(near), entries(far, cluster("test", "test")));

        assertThat(configured.defaultNamespaces()).isEqualTo(Map.of("prod", "shop", "test", "test"));
        assertThat(configured.clusterNames()).containsExactly("prod", "test");
    }

    @Test
    void aClusterThatNoFolderLetsTheJobUseIsThereAllTheSame() {
        ClusterEntry others = cluster("prod", null);
        others.setFolders("billing");

        var configured = configured(entries(others));

        assertThat(configured.hasClusters()).isTrue();
        assertThat(configured.clusterNames()).isEmpty();
        assertThatThrownBy(() -> configured.cluster(null, null))
                .isInstanceOfSatisfying(DeliveryException.class, refusal -> assertThat(refusal.problem())
                        .isEqualTo(Problem.BAD_USAGE))
                .hasMessage("Jenkins has no cluster that shop/cart may use");
        assertThatThrownBy(() -> configured.cluster("prod", null))
                .isInstanceOfSatisfying(DeliveryException.class, refusal -> assertThat(refusal.problem())
                        .isEqualTo(Problem.CLUSTER_FORBIDDEN));
    }

    @Test
    void aNearerClusterHidesAFartherOneEvenWhereItIsForOthers() {
        ClusterEntry near = cluster("prod", null);
        near.setFolders("billing");

        assertThat(configured(entries(near), entries(cluster("prod", null))).clusterNames())
                .isEmpty();
    }

    @Test
    void whereNoneIsConfiguredThereIsNone() {
        assertThat(configured(entries()).hasClusters()).isFalse();
    }

    @Test
    void theOnlyClusterIsTheDefaultOne() {
        assertThat(configured(entries(cluster("prod", "shop"))).defaultNamespace(null))
                .isEqualTo("shop");
    }

    @Test
    void ofSeveralClustersTheOneCalledDefaultIs() {
        assertThat(configured(entries(cluster("prod", "p"), cluster("default", "d")))
                        .defaultNamespace(null))
                .isEqualTo("d");
    }

    @Test
    void ofSeveralClustersOneHasToBeNamed() {
        assertThatThrownBy(() -> configured(entries(cluster("prod", null), cluster("test", null)))
                        .cluster(null, null))
                .isInstanceOfSatisfying(DeliveryException.class, refusal -> {
                    assertThat(refusal.problem()).isEqualTo(Problem.BAD_USAGE);
                    assertThat(refusal.what()).isEqualTo("no cluster is named, and there are several");
                    assertThat(refusal.hint()).endsWith("prod, test");
                });
    }

    @Test
    void aNameThatIsNoneGetsTheNearestOne() {
        var target = (Target.Configured)
                configured(entries(cluster("production", null))).target(null, null, null);

        assertThatThrownBy(() -> target.clusters().find("produktion"))
                .isInstanceOfSatisfying(DeliveryException.class, refusal -> {
                    assertThat(refusal.what()).isEqualTo("Jenkins has no cluster named 'produktion' for shop/cart");
                    assertThat(refusal.hint()).isEqualTo("did you mean 'production'?");
                });
    }

    @Test
    void aTargetKeepsWhatItWasToldAndLooksUpNothingYet() {
        Target target = configured(entries(cluster("prod", null))).target("prod", "shop", null);

        assertThat(target).isInstanceOfSatisfying(Target.Configured.class, configured -> {
            assertThat(configured.cluster()).isEqualTo("prod");
            assertThat(configured.namespace()).isEqualTo("shop");
        });
    }

    private Configured configured(Entries... nearestFirst) {
        return Configured.of(cart, Arrays.asList(nearestFirst), item -> null);
    }

    private Entries entries(ClusterEntry... clusters) {
        return new Entries(shop, List.of(clusters), List.of());
    }

    private static ClusterEntry cluster(String name, String namespace) {
        var cluster = new ClusterEntry(name);
        cluster.setNamespace(namespace);
        return cluster;
    }
}
