package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfiguredTargetTest {

    private static final String SECRET = "s3cret";
    private static final ClusterAccess API = access(new ClusterAccess.Server.Api("https://one", null, SECRET));
    private static final ClusterAccess FILE = access(new ClusterAccess.Server.Kubeconfig("token: " + SECRET, null));

    private final ClusterLookup clusters = name -> API;

    @Test
    void anotherEnvironmentIsAskedAtItsOwnPlace() {
        var target = new Target.Configured(clusters, "prod", "shop");

        assertThat(target.withoutPlace()).isEqualTo(new Target.Configured(clusters, null, null));
        assertThat(target.withoutPlace().within("staging", "shop-staging"))
                .isEqualTo(new Target.Configured(clusters, "staging", "shop-staging"));
    }

    @Test
    void whatIsSaidGoesBeforeWhatTheEnvironmentSays() {
        assertThat(new Target.Configured(clusters, "prod", null).within("staging", "shop"))
                .isEqualTo(new Target.Configured(clusters, "prod", "shop"));
        assertThat(new Target.Configured(clusters, "prod", null).isElsewhereFor("staging", "shop"))
                .isTrue();
        assertThat(new Target.Configured(clusters, null, "other").isElsewhereFor(null, "shop"))
                .isTrue();
        assertThat(new Target.Configured(clusters, "prod", "shop").isElsewhereFor("prod", "shop"))
                .isFalse();
        assertThat(new Target.Configured(clusters, "prod", "shop").isElsewhereFor(null, null))
                .isFalse();
    }

    @Test
    void nothingShowsTheCredentials() {
        for (ClusterAccess access : List.of(API, FILE)) {
            assertThat(access + " " + access.server() + " " + new Target.Configured(name -> access, null, null))
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void anAccessTravelsToWhereTheClusterIsReachedFrom() throws Exception {
        for (ClusterAccess access : List.of(API, FILE)) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new ObjectOutputStream(bytes)) {
                out.writeObject(access);
            }
            try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                assertThat(in.readObject()).isEqualTo(access);
            }
        }
    }

    private static ClusterAccess access(ClusterAccess.Server server) {
        return new ClusterAccess("prod", server, null, new Allowance(List.of("shop-*"), List.of("Namespace")));
    }
}
