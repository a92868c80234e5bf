package io.jenkins.plugins.lockstep.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.FilesInMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {

    private static final String SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: cart}}\n";

    private final ManifestReader reader = new ManifestReader();

    @Test
    void oneFileMayHoldManyDocumentsAndListsOfObjects() {
        List<Manifest> manifests = read(
                """
                # nothing yet
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: cart }
                ---
                ---
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: example.com/v1beta1
                    kind: Widget
                    metadata: { name: w, namespace: other }
                  - { apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}] }
                """);

        assertThat(manifests).extracting(Manifest::kind).containsExactly("Service", "Widget", "ConfigMap");
        assertThat(manifests).extracting(Manifest::namespace).containsExactly("", "other", "");
        assertThat(manifests.get(1).apiVersion()).isEqualTo("example.com/v1beta1");
        assertThat(manifests.get(0).place("metadata.name")).isEqualTo("test.yaml:5");
        assertThat(manifests.get(1).place("metadata.name")).isEqualTo("test.yaml:13 (document 3)");
        assertThat(manifests.get(2).path()).isEqualTo("items[1].items[0]");
    }

    @Test
    void jsonIsReadToo() {
        String json = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Secret\",\n\t\"metadata\": {\"name\": \"s\"}\n}\n";

        assertThat(reader.read("s.json", json.getBytes(UTF_8)))
                .extracting(Manifest::name)
                .containsExactly("s");
    }

    @Test
    void aDirectoryIsReadInTheOrderOfItsPaths() {
        var files = new FilesInMemory()
                .with("deploy/b.yml", SERVICE.replace("cart", "b"))
                .with("deploy/a/z.json", SERVICE.replace("cart", "z"))
                .with("deploy/README.md", "# no manifest")
                .with("deploy/c.yaml", SERVICE.replace("cart", "c"))
                .with("other/d.yaml", "not: read");

        assertThat(reader.read(files, "deploy")).extracting(Manifest::name).containsExactly("z", "b", "c");
        assertThat(reader.read(files, "deploy/c.yaml"))
                .extracting(Manifest::name)
                .containsExactly("c");
    }

    @Test
    void whereThereIsNothingToReadItIsSaid() {
        var files = new FilesInMemory().with("empty/README.md", "x").with("blank/a.yaml", "---\n");

        assertThatThrownBy(() -> reader.read(files, "missing")).hasMessageContaining("'missing'");
        assertThatThrownBy(() -> reader.read(files, "empty")).hasMessageContaining("there is no manifest");
        assertThatThrownBy(() -> reader.read(files, "blank")).hasMessageContaining("there is no manifest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kustomization.yaml", "base/kustomization.yml", "Chart.yaml"})
    void directoriesOfOtherToolsAreRefusedWithTheWayOut(String file) {
        var files = new FilesInMemory().with("deploy/" + file, "x: 1").with("deploy/z.yaml", SERVICE);

        assertThatThrownBy(() -> reader.read(files, "deploy"))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.hint()).contains("generated: true"));
    }

    @Test
    void buildOutputsAreReadFromTheWorkTree(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("sub"));
        Files.writeString(directory.resolve("sub/a.yaml"), SERVICE);
        Files.writeString(directory.resolve("b.yaml"), "kind: Service\n");

        assertThat(reader.readGenerated(directory.resolve("sub"), "target/k8s/sub"))
                .extracting(manifest -> manifest.place(""))
                .containsExactly("target/k8s/sub/a.yaml:1");
        assertThat(reader.readGenerated(directory.resolve("sub/a.yaml"), "target/k8s/sub/a.yaml"))
                .hasSize(1);
        assertThatThrownBy(() -> reader.readGenerated(directory, "target/k8s"))
                .hasMessageStartingWith("target/k8s/b.yaml:1: 'apiVersion' is missing");
        assertThatThrownBy(() -> reader.readGenerated(directory.resolve("none"), "target/none"))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.hint()).contains("run the build"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "- a                                                            | this is no Kubernetes object              | apiVersion",
                "just text                                                      | this is no Kubernetes object              | apiVersion",
                "{apiVersion: v1, kind: List, items: [3]}                       | this is no Kubernetes object              | apiVersion",
                "{kind: Pod, metadata: {name: x}}                               | 'apiVersion' is missing                   | every Kubernetes",
                "{apiversion: v1, kind: Pod, metadata: {name: x}}               | 'apiVersion' is missing                   | there is 'apiversion'",
                "{apiVersion: 1, kind: Pod, metadata: {name: x}}                | 'apiVersion' must be a text               | in quotes",
                "{apiVersion: apps, kind: Pod, metadata: {name: x}}             | 'apps' is not an API version              | apps/v1",
                "{apiVersion: v1, metadata: {name: x}}                          | 'kind' is missing                         | every Kubernetes",
                "{apiVersion: v1, kind: 'Po d', metadata: {name: x}}            | 'Po d' is not a kind                      | ``",
                "{apiVersion: v1, kind: Pod}                                    | the Pod has no metadata                   | name",
                "{apiVersion: v1, kind: Pod, metadata: {}}                      | 'metadata.name' is missing                | every Kubernetes",
                "{apiVersion: v1, kind: Pod, metadata: {name: 3}}               | 'metadata.name' must be a text            | just as it is",
                "{apiVersion: v1, kind: Pod, metadata: {name: ''}}              | 'metadata.name' is empty                  | ``",
                "{apiVersion: v1, kind: Pod, metadata: {name: Cart}}            | 'Cart' is not a name                      | lower-case",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a/b}} | 'a/b' is not a name        | no slash",
                "{apiVersion: batch/v1, kind: Job, metadata: {generateName: x-}} | has a generated name                     | adds a hash",
                "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: 7}} | 'metadata.namespace' must be a text       | just as it is",
                "{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {port: 8080}}} | 'metadata.annotations.port' must be a text | just as it is",
                "{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {on: yes}}} | 'metadata.labels.on' must be a text  | just as it is",
                "{apiVersion: v1, kind: X, metadata: {name: x}, spec: {template: {metadata: {labels: {v: 1}}}}} | 'spec.template.metadata.labels.v' must | just as it is",
                "{apiVersion: v1, kind: X, metadata: {name: x}, spec: {containers: [{env: [{name: A, value: 1}]}]}} | 'spec.containers[0].env[0].value' must | just as it is",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {a: 1}} | 'data.a' must be a text             | just as it is",
                "{apiVersion: v1, kind: X, metadata: {name: x, labels: {lockstep.io/seal: x}}} | is reserved                | lockstep.io/prune",
                "{apiVersion: v1, kind: X, metadata: {name: x, annotations: {lockstep.io/prune: always}}} | can't be 'always' | write never",
                "{apiVersion: v1, kind: X, metadata: {name: x}, spec: {template: {metadata: {annotations: {lockstep.io/run: before}}}}} | is reserved | on the object itself",
            })
    void mistakesNameTheirPlace(String text, String what, String hint) {
        DeliveryException mistake =
                catchThrowableOfType(DeliveryException.class, () -> read(SERVICE + "---\n" + text + "\n"));

        assertThat(mistake).as(text).isNotNull();
        assertThat(mistake.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(mistake.where()).isEqualTo("test.yaml:3 (document 2)");
        assertThat(mistake.what()).contains(what);
        if (!hint.isEmpty()) {
            assertThat(mistake.hint()).contains(hint);
        }
    }

    @Test
    void namesThatKubernetesTakesAreTaken() {
        assertThat(read("{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:x'}}"))
                .hasSize(1);
        assertThat(
                        read(
                                "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: ws.ex.com}}"))
                .hasSize(1);
        assertThat(read("{apiVersion: v1, kind: X, metadata: {name: x, annotations: {lockstep.io/prune: never}}}"))
                .hasSize(1);
    }

    @Test
    void whateverIsWrittenTheAnswerIsAMistakeAndNoCrash() {
        var random = new Random(20260118);
        var context = new RenderContext(
                "test",
                "shop",
                Scopes.BUILT_IN,
                java.util.Map.of("cart", "shop/cart:1@sha256:2"),
                java.util.Map.of("shop/cart", "shop/cart:1@sha256:2"),
                new RenderContext.ReleasedConfig("cart-config", "cart-config-1", new TreeSet<>(List.of("a"))));
        for (int round = 0; round < 400; round++) {
            String text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n" + tree(random, 0);
            try {
                List<Manifest> manifests = read(text);
                new Renderer().render(manifests, context).forEach(RenderedObject::hash);
            } catch (DeliveryException expected) {
                assertThat(expected.problem()).as(text).isEqualTo(Problem.BAD_INPUT);
                assertThat(expected.where()).as(text).startsWith("test.yaml");
            }
        }
    }

    /** Writes the keys that mean something, with values of every wrong type. */
    private static String tree(Random random, int depth) {
        String[] keys = {
            "spec",
            "template",
            "containers",
            "metadata",
            "labels",
            "env",
            "ports",
            "image",
            "configMap",
            "configMapKeyRef",
            "name",
            "key",
            "items",
            "replicas",
            "selector",
            "status",
            "annotations",
            "data"
        };
        String[] values = {
            "lockstep",
            "lockstep/x",
            "cart-config",
            "shop/cart:2",
            "3",
            "1.5",
            "~",
            "yes",
            "[]",
            "{}",
            "[[1]]",
            "\"\"",
            "&a [x]",
            "*a",
            "!!binary aGk=",
            "2026-01-01",
            "-",
            "'"
        };
        var text = new StringBuilder();
        var used = new TreeSet<String>();
        for (int i = random.nextInt(4) + 1; i > 0; i--) {
            String key = keys[random.nextInt(keys.length)];
            if (used.add(key) && !(depth == 0 && key.equals("metadata"))) {
                boolean item = random.nextInt(3) == 0;
                text.append("  ".repeat(depth)).append(key).append(':');
                if (depth < 6 && random.nextInt(3) > 0) {
                    String below = tree(random, depth + 1);
                    int indent = 2 * (depth + 1);
                    text.append('\n')
                            .append(
                                    item && !below.isBlank()
                                            ? below.replaceFirst(" {" + indent + "}", " ".repeat(indent - 2) + "- ")
                                            : below);
                } else {
                    text.append(' ')
                            .append(values[random.nextInt(values.length)])
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private List<Manifest> read(String text) {
        return reader.read("test.yaml", text.getBytes(UTF_8));
    }
}
