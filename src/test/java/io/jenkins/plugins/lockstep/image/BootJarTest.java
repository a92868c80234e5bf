package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootJarTest {

    private static final String OLD_LAUNCHER = "org.springframework.boot.loader.JarLauncher";

    @TempDir
    Path directory;

    @Test
    void withoutAnIndexThereAreFiveLayersThoseThatChangeLeastFirst() throws IOException {
        TestJar jar = plainBootJar()
                .with("BOOT-INF/lib/own-1.0-SNAPSHOT.jar", "own")
                .with("BOOT-INF/classes/static/logo.svg", "<svg/>");

        assertThat(layers(jar))
                .containsExactly(
                        Map.entry("dependencies", List.of("/app/BOOT-INF/lib/spring-core-6.2.14.jar")),
                        Map.entry("loader", List.of("/app/org/springframework/boot/loader/launch/JarLauncher.class")),
                        Map.entry("snapshot-dependencies", List.of("/app/BOOT-INF/lib/own-1.0-SNAPSHOT.jar")),
                        Map.entry(
                                "resources",
                                List.of("/app/BOOT-INF/classes/static/logo.svg", "/app/META-INF/MANIFEST.MF")),
                        Map.entry("classes", List.of("/app/BOOT-INF/classes/com/example/Cart.class")));
    }

    @Test
    void theJarsOwnIndexDecidesAndWhatItForgotIsOnTop() throws IOException {
        TestJar jar = plainBootJar()
                .withBootManifest(
                        BootApplication.LAUNCHER, "com.example.Cart", "Spring-Boot-Layers-Index: BOOT-INF/layers.idx")
                .with("BOOT-INF/lib/company-1.jar", "company")
                .with("extra.txt", "extra")
                .with(
                        "BOOT-INF/layers.idx",
                        """
                        - "company":
                          - "BOOT-INF/lib/company-1.jar"
                        - "dependencies":
                          - "BOOT-INF/lib/"
                        - "snapshot-dependencies":
                        - "application":
                          - "BOOT-INF/classes/"
                          - "BOOT-INF/layers.idx"
                        """);

        Map<String, List<String>> layers = layers(jar);

        assertThat(layers.keySet()).containsExactly("company", "dependencies", "application");
        assertThat(layers.get("company")).containsExactly("/app/BOOT-INF/lib/company-1.jar");
        assertThat(layers.get("application")).contains("/app/extra.txt", "/app/META-INF/MANIFEST.MF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BootApplication.LAUNCHER,
                OLD_LAUNCHER,
                "org.springframework.boot.loader.launch.PropertiesLauncher"
            })
    void theLoaderOfTheJarsOwnBootVersionIsStarted(String launcher) throws IOException {
        Path file =
                plainBootJar().withBootManifest(launcher, "com.example.Cart").write(directory.resolve("cart.jar"));

        try (var jar = BootJar.open(file, "from")) {
            assertThat(jar.entrypoint()).containsExactly("java", "-cp", "/app", launcher);
        }
    }

    @Test
    void aJarInTheJarIsCopiedByteForByte() throws IOException {
        byte[] library = Files.readAllBytes(new TestJar().with("a", "b").write(directory.resolve("library.jar")));
        Path file = plainBootJar().with("BOOT-INF/lib/library.jar", library).write(directory.resolve("cart.jar"));

        try (var jar = BootJar.open(file, "from")) {
            Path source = jar.layers().get(0).entries().get(0).source();
            assertThat(Files.readAllBytes(source)).isEqualTo(library);
        }
    }

    @Test
    void aMissingJarIsToBeBuiltFirst() {
        assertThat(refusal(directory.resolve("target/cart.jar")).hint()).startsWith("build it first");
    }

    @Test
    void aDirectoryIsNoJar() {
        assertThat(refusal(directory).what()).endsWith("is a directory, not a jar");
    }

    @Test
    void aFileThatIsNoZipIsNoJar() throws IOException {
        Path file = Files.writeString(directory.resolve("cart.jar"), "not a zip");

        assertThat(refusal(file).what()).endsWith("is not a jar");
    }

    @Test
    void aJarThatIsNoneOfSpringBootIsRefusedWithWhatToDoInstead() throws IOException {
        Path executable = new TestJar()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: com.example.Cart\n\n")
                .write(directory.resolve("executable.jar"));
        Path library = new TestJar().with("com/example/Cart.class", "x").write(directory.resolve("library.jar"));

        assertThat(refusal(executable).why()).isEqualTo("its manifest has no Start-Class");
        assertThat(refusal(library).why()).isEqualTo("its manifest has no Main-Class");
        assertThat(refusal(library).hint()).contains("layers:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "BOOT-INF/../../evil", "/etc/passwd", "a//b", "./a", "a\\b"})
    void anEntryThatLeadsOutOfTheJarIsRefused(String name) throws IOException {
        Path file = plainBootJar().with(name, "evil").write(directory.resolve("cart.jar"));

        assertThat(refusal(file).why()).contains(name);
    }

    @Test
    void twoEntriesOfOneNameAreRefused() throws IOException {
        Path file = plainBootJar().with("twin-a", "1").with("twin-b", "2").write(directory.resolve("cart.jar"));
        // No library writes such a jar, so the second name is changed in the bytes: directory and entry alike.
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.write(file, bytes.replace("twin-b", "twin-a").getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refusal(file).why()).isEqualTo("it has two entries 'twin-a'");
    }

    @Test
    void aLayerIndexThatMakesNoSenseIsRefused() throws IOException {
        Path file = plainBootJar()
                .withBootManifest(
                        BootApplication.LAUNCHER, "com.example.Cart", "Spring-Boot-Layers-Index: BOOT-INF/layers.idx")
                .with("BOOT-INF/layers.idx", "layers: [a, b]")
                .write(directory.resolve("cart.jar"));

        assertThat(refusal(file).why()).contains("layers: [a, b]");
    }

    private static TestJar plainBootJar() {
        return new TestJar()
                .withBootManifest(BootApplication.LAUNCHER, "com.example.Cart")
                .with("org/springframework/boot/loader/launch/JarLauncher.class", "loader")
                .with("BOOT-INF/classes/com/example/Cart.class", "cart")
                .with("BOOT-INF/lib/spring-core-6.2.14.jar", "spring");
    }

    private Map<String, List<String>> layers(TestJar contents) throws IOException {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        try (var jar = BootJar.open(contents.write(directory.resolve("cart.jar")), "from")) {
            jar.layers()
                    .forEach(layer -> layers.put(
                            layer.name(),
                            layer.entries().stream()
                                    .map(ImageLayer.Entry::target)
                                    .toList()));
        }
        return layers;
    }

    private static DeliveryException refusal(Path jar) {
        var refusal = new DeliveryException[1];
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> BootJar.open(jar, "image cart: from").close())
                .satisfies(thrown -> refusal[0] = thrown);
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refusal[0].where()).isEqualTo("image cart: from");
        assertThat(refusal[0].hint()).isNotBlank();
        return refusal[0];
    }
}
