package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {

    @ParameterizedTest
    @CsvSource({
        "shop,         shop,          true",
        "shop,         shop-staging,  false",
        "shop,         my-shop,       false",
        "shop-*,       shop-staging,  true",
        "shop-*,       shop,          false",
        "*,            kube-system,   true",
        "a*e*,         app-edge,      true",
        "'',           shop,          false",
    })
    void aPatternIsOfTheWholeNamespace(String pattern, String namespace, boolean allowed) {
        var allowance = new Allowance(List.of("other", pattern), List.of());

        assertThat(allowance.allowsNamespace(namespace)).isEqualTo(allowed);
        assertThat(allowance.allows(new ResourceKey("apps", "Deployment", namespace, "cart")))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "Namespace,                              '',                        Namespace,          true",
        "Namespace,                              management.example.com,    Namespace,          false",
        "ClusterRole,                            rbac.authorization.k8s.io, ClusterRole,        false",
        "ClusterRole.rbac.authorization.k8s.io,  rbac.authorization.k8s.io, ClusterRole,        true",
        "ClusterRole.rbac.authorization.k8s.io,  rbac.authorization.k8s.io, ClusterRoleBinding, false",
        "*.rbac.authorization.k8s.io,            rbac.authorization.k8s.io, ClusterRoleBinding, true",
        "namespace,                              '',                        Namespace,          false",
        "*,                                      example.com,               Anything,           true",
    })
    void aKindIsOfItsGroup(String pattern, String group, String kind, boolean allowed) {
        var allowance = new Allowance(List.of(), List.of(pattern));

        assertThat(allowance.allowsClusterScoped(group, kind)).isEqualTo(allowed);
        assertThat(allowance.allows(new ResourceKey(group, kind, "", "x"))).isEqualTo(allowed);
    }

    @Test
    void whereNothingIsSaidEveryNamespaceIsAllowedAndNoClusterScopedKind() {
        var silent = new Allowance(List.of(), List.of());

        assertThat(silent.allowsNamespace("kube-system")).isTrue();
        assertThat(silent.allowsClusterScoped("", "Namespace")).isFalse();
        assertThat(Allowance.ANY.allowsClusterScoped("", "Namespace")).isTrue();
    }
}
