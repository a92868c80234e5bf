package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.delivery.Allowance;
import io.jenkins.plugins.lockstep.jenkins.Bound;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryTest {

    @Test
    void onlyTheNameIsMandatory() {
        assertThat(Bound.mandatory(ClusterEntry.class)).containsExactly("name");
        assertThat(Bound.mandatory(RegistryEntry.class)).containsExactly("registry");
        assertThat(Bound.mandatory(LockstepFolderProperty.class)).isEmpty();
    }

    @Test
    void whatIsTypedButIsTheDefaultIsKeptAsNothing() throws Exception {
        var typed = Bound.bind(
                ClusterEntry.class,
                Map.ofEntries(
                        Map.entry("name", " prod "),
                        Map.entry("url", " "),
                        Map.entry("certificateAuthority", ""),
                        Map.entry("credentialsId", ""),
                        Map.entry("context", ""),
                        Map.entry("connectFrom", ConnectFrom.CONTROLLER),
                        Map.entry("namespace", ""),
                        Map.entry("namespaces", " "),
                        Map.entry("clusterScopedKinds", ""),
                        Map.entry("folders", ""),
                        Map.entry("branches", ""),
                        Map.entry("untrustedPullRequests", false)));

        for (Field field : ClusterEntry.class.getDeclaredFields()) {
            field.setAccessible(true);
            assertThat(field.get(typed))
                    .as(field.getName())
                    .isEqualTo(
                            switch (field.getName()) {
                                case "name" -> "prod";
                                case "untrustedPullRequests" -> false;
                                default -> null;
                            });
        }
    }

    @Test
    void noFieldOfAnEntryHoldsASecret() {
        assertThat(Bound.fields(ClusterEntry.class)).doesNotContain("token", "kubeconfig", "password", "secret");
        assertThat(Bound.fields(RegistryEntry.class)).containsExactlyInAnyOrder("registry", "credentialsId");
    }

    @Test
    void aClusterAllowsAnyNamespaceAndNothingThatHasNone() {
        assertThat(new ClusterEntry("prod").allowance()).isEqualTo(new Allowance(List.of(), List.of()));
    }

    @Test
    void whatIsAllowedIsReadWordByWord() {
        var entry = new ClusterEntry("prod");
        entry.setNamespaces("shop, shop-*\n billing ");
        entry.setClusterScopedKinds("Namespace");

        assertThat(entry.allowance())
                .isEqualTo(new Allowance(List.of("shop", "shop-*", "billing"), List.of("Namespace")));
    }

    @Test
    void anEntryThatIsThereTwiceIsRefused() {
        var configuration = new LockstepConfiguration();

        assertThatThrownBy(() -> configuration.setClusters(List.of(new ClusterEntry("prod"), new ClusterEntry("prod"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lockstep: cluster 'prod' is there twice");
        assertThatThrownBy(() -> configuration.setRegistries(
                        List.of(new RegistryEntry("docker.io"), new RegistryEntry("index.docker.io"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Lockstep: registry 'index.docker.io' is there twice");
    }

    @Test
    void anEmptyListIsKeptAsNothing() throws Exception {
        var property = new LockstepFolderProperty();
        property.setClusters(List.of());

        Field clusters = LockstepFolderProperty.class.getDeclaredField("clusters");
        clusters.setAccessible(true);
        assertThat(clusters.get(property)).isNull();
        assertThat(property.getClusters()).isEmpty();
    }
}
