package io.jenkins.plugins.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.config.ConfigSource;
import io.jenkins.plugins.lockstep.config.Configuration;
import io.jenkins.plugins.lockstep.config.ConfigurationReader;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.manifest.RenderContext;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.Renderer;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import io.jenkins.plugins.lockstep.revision.FilesInMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads what the documentation shows: a block's second word says as what. */
class DocumentationTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(yaml|sh) (\\w+)\n(.*?)^```$");

    private record Example(String name, String kind, String text) {}

    @TestFactory
    Stream<DynamicTest> everyExampleIsRead() throws IOException {
        return examples().stream()
                .map(example -> DynamicTest.dynamicTest(example.name(), () -> {
                    switch (example.kind()) {
                        case "project" ->
                            assertThat(project(example.text()).images()).isNotEmpty();
                        case "environments" ->
                            assertThat(environments(example.text())).isNotEmpty();
                        case "manifest" -> assertThat(render(example.text())).isNotEmpty();
                        case "env" -> assertThat(variables(example.text())).isNotEmpty();
                        default -> throw new AssertionError("no such kind of example: " + example.kind());
                    }
                }));
    }

    @Test
    void combiningEnvironmentsGivesWhatTheCommentSays() throws IOException {
        String text = examples().stream()
                .filter(example -> example.name().startsWith("project-file.md"))
                .map(Example::text)
                .filter(example -> example.contains("gdpr"))
                .findFirst()
                .orElseThrow();
        Environment production = project(text).environment("production");

        assertThat(production.config())
                .extracting(ConfigSource::from)
                .containsExactly("config/base", "config/eu", "config/gdpr", "config/production");
        assertThat(production.replicas()).isEqualTo(new Environment.ReplicaBounds(1, 40, null));
        assertThat(production.cluster()).isEqualTo("eu-west");
    }

    @Test
    void theVariablesAreWhatTheCommentsSay() throws IOException {
        String text = examples().stream()
                .filter(example -> example.kind().equals("env"))
                .map(Example::text)
                .findFirst()
                .orElseThrow();

        assertThat(variables(text))
                .containsEntry("LEVEL", "info")
                .containsEntry("REGION", "eu")
                .containsEntry("EMPTY", "")
                .containsEntry("LITERAL", "no $variable, no \\n")
                .containsEntry("LINES", "first\nsecond, with \"quotes\"")
                .hasSize(5);
    }

    private static List<Example> examples() throws IOException {
        var examples = new ArrayList<Example>();
        for (String file : List.of(
                "project-file.md",
                "configuration.md",
                "manifests.md",
                "helm-kustomize.md",
                "monorepo.md",
                "guards.md")) {
            String page = Files.readString(Path.of("docs", file));
            BLOCK.matcher(page).results().forEach(block -> {
                long line = 1 + page.substring(0, block.start()).lines().count();
                examples.add(new Example(file + ":" + line, block.group(2), block.group(3)));
            });
        }
        return examples;
    }

    private static Project project(String text) {
        return new ProjectReader().read("services/cart/lockstep.yaml", text.getBytes(UTF_8));
    }

    private static Map<String, Environment> environments(String text) {
        return project("apiVersion: lockstep/v1\napp: cart\n"
                        + "image: { repository: cart, base: scratch, from: cart.jar }\nenvironments:\n"
                        + text.indent(2))
                .environments();
    }

    private static List<RenderedObject> render(String text) {
        List<Manifest> manifests = new ManifestReader().read("example.yaml", text.getBytes(UTF_8));
        String image = "registry.example.com/shop/cart:" + "a".repeat(40) + "@sha256:" + "b".repeat(64);
        return new Renderer()
                .render(
                        manifests,
                        new RenderContext(
                                "production",
                                "shop",
                                Scopes.BUILT_IN,
                                Map.of("cart", image),
                                Map.of(),
                                new RenderContext.ReleasedConfig(
                                        "cart-config", "cart-config-0123456789", new TreeSet<>(List.of("LEVEL")))));
    }

    private static Map<String, String> variables(String text) {
        Configuration configuration = new ConfigurationReader()
                .read(
                        List.of(new ConfigSource("config", true, List.of(), "staging", "lockstep.yaml:1")),
                        new FilesInMemory().with("config/example.env", text),
                        "");
        return configuration.variables();
    }
}
