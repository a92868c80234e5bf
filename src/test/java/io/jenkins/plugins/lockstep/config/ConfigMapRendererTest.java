package io.jenkins.plugins.lockstep.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfigMapRendererTest {

    private final ConfigMapRenderer renderer = new ConfigMapRenderer();

    @Test
    void textAndBytesGoWhereKubernetesWantsThem() {
        RenderedObject object = render(
                Map.of("app.yaml", "a: é\r\n".getBytes(UTF_8), "tls/store.jks", new byte[] {(byte) 0xFE, (byte) 0xED, 0
                }),
                Map.of("LEVEL", "info"));

        assertThat(object.key().name()).matches("cart-config-[0-9a-f]{10}");
        assertThat(object.key()).hasToString("configmap/" + object.key().name());
        assertThat(object.tree())
                .isEqualTo(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", object.key().name(), "namespace", "shop"),
                        "immutable",
                        true,
                        "data",
                        Map.of("LEVEL", "info", "app.yaml", "a: é\r\n"),
                        "binaryData",
                        Map.of("tls.store.jks", "/u0A")));
    }

    @Test
    void theNameFollowsTheContentAndNothingElse() {
        String name = name(Map.of("a", new byte[] {'x'}), Map.of());

        assertThat(name(Map.of("a", new byte[] {'x'}), Map.of())).isEqualTo(name);
        assertThat(name(Map.of(), Map.of("a", "x"))).as("the same data").isEqualTo(name);
        assertThat(name(Map.of("a", new byte[] {'y'}), Map.of())).isNotEqualTo(name);
        assertThat(name(Map.of("b", new byte[] {'x'}), Map.of())).isNotEqualTo(name);
    }

    @Test
    void theHashIsPinnedForEver() {
        assertThat(name(Map.of("app.yaml", "level: info\n".getBytes(UTF_8)), Map.of()))
                .as("another value here would roll every pod of every user once")
                .isEqualTo("cart-config-33a8169385");
    }

    @Test
    void withoutConfigurationThereIsNoConfigMap() {
        assertThat(renderer.render("cart", "shop", Configuration.EMPTY)).isEmpty();
    }

    private String name(Map<String, byte[]> files, Map<String, String> variables) {
        return render(files, variables).key().name();
    }

    private RenderedObject render(Map<String, byte[]> files, Map<String, String> variables) {
        return renderer.render(
                        "cart",
                        "shop",
                        new Configuration(new TreeMap<>(files), new TreeMap<>(variables), new TreeMap<>()))
                .orElseThrow();
    }
}
