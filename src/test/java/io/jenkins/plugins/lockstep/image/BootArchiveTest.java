package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootArchiveTest {

    private static final String OLD_LAUNCHER = "org.springframework.boot.loader.JarLauncher";

    private static final String WAR_LAUNCHER = "org.springframework.boot.loader.launch.WarLauncher";

    @TempDir
    Path directory;

    @Test
    void withoutAnIndexThereAreFiveLayersThoseThatChangeLeastFirst() throws IOException {
        TestJar jar = plainBootJar()
                .with("BOOT-INF/lib/own-1.0-SNAPSHOT.jar", library("own"))
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
        plainBootJar().withBootManifest(launcher, "com.example.Cart").write(directory.resolve("cart.jar"));

        try (var image = open("cart.jar")) {
            assertThat(image.spec().entrypoint()).containsExactly("java", "-cp", "/app", launcher);
            assertThat(image.spec().workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void aJarInTheJarIsCopiedByteForByte() throws IOException {
        byte[] library = Files.readAllBytes(new TestJar().with("a", "b").write(directory.resolve("library.jar")));
        plainBootJar().with("BOOT-INF/lib/library.jar", library).write(directory.resolve("cart.jar"));

        try (var image = open("cart.jar")) {
            assertThat(TestImage.source(image, "/app/BOOT-INF/lib/library.jar")).hasBinaryContent(library);
        }
    }

    @Test
    void aMissingJarIsToBeBuiltFirst() {
        assertThat(refusal(directory.resolve("target/cart.jar")).hint()).startsWith("build it first");
    }

    @Test
    void aFileThatIsNoZipIsNoJar() throws IOException {
        Path file = Files.writeString(directory.resolve("cart.jar"), "not a zip");

        assertThat(refusal(file).what()).endsWith("is not a jar");
    }

    @Test
    void aHalfWrittenJarIsSaidToBeOne() throws IOException {
        Path file = plainBootJar().write(directory.resolve("cart.jar"));
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300));

        assertThat(refusal(file).why()).startsWith("it begins like one, but is cut short or damaged");
    }

    @Test
    void aJarWithEncryptedEntriesIsSaidToBeOne() throws IOException {
        Path file = plainBootJar().write(directory.resolve("cart.jar"));
        // No library writes such a jar: the flag is set in the bytes of each record of the directory (appnote, 4.4.4).
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length - 9; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 1 && bytes[i + 3] == 2) {
                bytes[i + 8] |= 1;
            }
        }
        Files.write(file, bytes);

        assertThat(refusal(file).what()).endsWith("has encrypted entries");
        assertThat(refusal(file).hint()).isEqualTo("build it without a password");
    }

    @Test
    void anExecutableWarStartsItselfWhereTheBaseHasNoServletContainer() throws IOException {
        bootWar().write(directory.resolve("cart.war"));

        try (var image = open("cart.war")) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry(
                                    "dependencies",
                                    List.of("/app/WEB-INF/lib-provided/tomcat-1.jar", "/app/WEB-INF/lib/spring-1.jar")),
                            Map.entry(
                                    "loader", List.of("/app/org/springframework/boot/loader/launch/WarLauncher.class")),
                            Map.entry("resources", List.of("/app/META-INF/MANIFEST.MF", "/app/index.html")),
                            Map.entry("classes", List.of("/app/WEB-INF/classes/com/example/Cart.class")));
            assertThat(image.spec().entrypoint()).containsExactly("java", "-cp", "/app", WAR_LAUNCHER);
        }
    }

    @Test
    void anExecutableWarIsPutIntoTheServletContainerOfTheBase() throws IOException {
        bootWar().write(directory.resolve("cart.war"));
        ImageDefinition.Application war = ImageDefinition.Application.of("cart.war");

        try (var image = TestImage.open(TestImage.of(war, "tomcat:10.1-jre17"), directory)) {
            assertThat(TestImage.layers(image).get("classes"))
                    .containsExactly("/usr/local/tomcat/webapps/ROOT/WEB-INF/classes/com/example/Cart.class");
            assertThat(image.spec().entrypoint()).isNull();
            assertThat(image.spec().workingDirectory()).isNull();
        }
        try (var image = TestImage.open(
                TestImage.of(TestImage.withRoot(war, "/opt/web/webapps/shop/"), "registry.example.com/web:1"),
                directory)) {
            assertThat(TestImage.layers(image).get("classes"))
                    .containsExactly("/opt/web/webapps/shop/WEB-INF/classes/com/example/Cart.class");
        }
    }

    @Test
    void theBuildsOwnJarsAreTheOnesThatTheIndexListsBesideTheClasses() throws IOException {
        TestJar own = new TestJar().with("com/example/Api.class", "api").with("META-INF/MANIFEST.MF", "A: b\n");
        byte[] released = Files.readAllBytes(own.write(directory.resolve("own.jar")));
        byte[] again = Files.readAllBytes(own.asFromAnotherMachine().write(directory.resolve("again.jar")));
        assertThat(again).isNotEqualTo(released);
        String index =
                """
                - "dependencies":
                  - "BOOT-INF/lib/spring-core-6.2.14.jar"
                  - "BOOT-INF/lib/released.jar"
                - "application":
                  - "BOOT-INF/classes/"
                  - "BOOT-INF/lib/api.jar"
                """;
        for (byte[] content : List.of(released, again)) {
            plainBootJar()
                    .withBootManifest(
                            BootApplication.LAUNCHER,
                            "com.example.Cart",
                            "Spring-Boot-Layers-Index: BOOT-INF/layers.idx")
                    .with("BOOT-INF/layers.idx", index)
                    .with("BOOT-INF/lib/api.jar", content)
                    .with("BOOT-INF/lib/released.jar", content)
                    .write(directory.resolve("cart" + content.length + ".jar"));
        }

        try (var one = open("cart" + released.length + ".jar");
                var other = open("cart" + again.length + ".jar")) {
            assertThat(TestImage.source(one, "/app/BOOT-INF/lib/api.jar"))
                    .hasSameBinaryContentAs(TestImage.source(other, "/app/BOOT-INF/lib/api.jar"));
            assertThat(TestImage.source(one, "/app/BOOT-INF/lib/released.jar")).hasBinaryContent(released);
            assertThat(TestImage.source(other, "/app/BOOT-INF/lib/released.jar"))
                    .hasBinaryContent(again);
        }
    }

    @Test
    void whatTheArchiveSaysItselfCanNotBeSaidAgain() throws IOException {
        plainBootJar().write(directory.resolve("cart.jar"));
        ImageDefinition.Application jar = ImageDefinition.Application.of("cart.jar");

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> TestImage.open(
                        TestImage.of(TestImage.withMain(jar, "com.example.Cart"), Base.SCRATCH), directory))
                .satisfies(refused -> assertThat(refused.where()).isEqualTo("image cart: main"));
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> TestImage.open(
                        TestImage.of(TestImage.application(List.of("cart.jar"), List.of("libs")), Base.SCRATCH),
                        directory))
                .satisfies(refused -> assertThat(refused.where()).isEqualTo("image cart: dependencies"));
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

    @ParameterizedTest
    @ValueSource(strings = {"layers: [a, b]", "- \":", "  - \"BOOT-INF/lib/\""})
    void aLayerIndexThatMakesNoSenseIsRefused(String index) throws IOException {
        Path file = plainBootJar()
                .withBootManifest(
                        BootApplication.LAUNCHER, "com.example.Cart", "Spring-Boot-Layers-Index: BOOT-INF/layers.idx")
                .with("BOOT-INF/layers.idx", index)
                .write(directory.resolve("cart.jar"));

        assertThat(refusal(file).why()).contains(index.strip());
    }

    private static TestJar plainBootJar() {
        return new TestJar()
                .withBootManifest(BootApplication.LAUNCHER, "com.example.Cart")
                .with("org/springframework/boot/loader/launch/JarLauncher.class", "loader")
                .with("BOOT-INF/classes/com/example/Cart.class", "cart")
                .with("BOOT-INF/lib/spring-core-6.2.14.jar", "spring");
    }

    private static TestJar bootWar() {
        return new TestJar()
                .withBootManifest(WAR_LAUNCHER, "com.example.Cart")
                .with("org/springframework/boot/loader/launch/WarLauncher.class", "loader")
                .with("WEB-INF/classes/com/example/Cart.class", "cart")
                .with("WEB-INF/lib/spring-1.jar", "spring")
                .with("WEB-INF/lib-provided/tomcat-1.jar", "tomcat")
                .with("index.html", "hello");
    }

    private byte[] library(String content) throws IOException {
        return Files.readAllBytes(new TestJar().with(content, content).write(directory.resolve("library.jar")));
    }

    private Map<String, List<String>> layers(TestJar contents) throws IOException {
        contents.write(directory.resolve("cart.jar"));
        try (var image = open("cart.jar")) {
            return TestImage.layers(image);
        }
    }

    private ImageAssembly open(String path) {
        return TestImage.open(TestImage.of(ImageDefinition.Application.of(path), Base.SCRATCH), directory);
    }

    private DeliveryException refusal(Path jar) {
        var refusal = new DeliveryException[1];
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> open(directory.relativize(jar).toString()).close())
                .satisfies(thrown -> refusal[0] = thrown);
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refusal[0].where()).isEqualTo("image cart: from");
        assertThat(refusal[0].hint()).isNotBlank();
        return refusal[0];
    }
}
