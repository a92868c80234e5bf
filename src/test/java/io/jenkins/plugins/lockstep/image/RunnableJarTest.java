package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnableJarTest {

    private static final ImageDefinition.Application CART = ImageDefinition.Application.of("target/cart.jar");

    @TempDir
    Path directory;

    private Path project;

    @BeforeEach
    void begin() {
        project = directory.resolve("project");
    }

    @Test
    void aThinJarComesWithItsClassPathInThePlacesThatItsManifestMeans() throws IOException {
        library("target/lib/a-1.jar");
        library("target/lib/own-1-SNAPSHOT.jar");
        library("target/with space.jar");
        library("target/lib/not-named.jar");
        write("target/conf/app.properties", "a=b");
        jar("Main-Class: com.example.Cart", "Class-Path: lib/own-1-SNAPSHOT.jar conf/ lib/a-1.jar with%20space.jar ./");

        try (var image = open(CART)) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry("dependencies", List.of("/app/lib/a-1.jar", "/app/with space.jar")),
                            Map.entry("snapshot-dependencies", List.of("/app/lib/own-1-SNAPSHOT.jar")),
                            Map.entry("resources", List.of("/app/conf", "/app/conf/app.properties")),
                            Map.entry("application", List.of("/app/cart.jar")));
            assertThat(image.spec().entrypoint()).containsExactly("java", "-jar", "/app/cart.jar");
            assertThat(TestImage.source(image, "/app/lib/a-1.jar"))
                    .hasSameBinaryContentAs(project.resolve("target/lib/a-1.jar"));
        }
    }

    @Test
    void aClassPathThatClimbsKeepsItsPlaceToTheJar() throws IOException {
        library("libs/a.jar");
        jar("Main-Class: com.example.Cart", "Class-Path: ../libs/a.jar");

        try (var image = open(CART)) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry("dependencies", List.of("/app/libs/a.jar")),
                            Map.entry("application", List.of("/app/target/cart.jar")));
            assertThat(image.spec().entrypoint()).containsExactly("java", "-jar", "/app/target/cart.jar");
        }
    }

    @Test
    void whatLibrariesNameIsTakenWhereItIsThereAsJavaDoesIt() throws IOException {
        library("target/lib/b.jar");
        new TestJar()
                .with("META-INF/MANIFEST.MF", manifest("Class-Path: b.jar gone.jar file:///c.jar a.jar"))
                .write(project.resolve("target/lib/a.jar"));
        jar("Main-Class: com.example.Cart", "Class-Path: lib/a.jar");

        try (var image = open(CART)) {
            assertThat(TestImage.layers(image).get("dependencies")).containsExactly("/app/lib/a.jar", "/app/lib/b.jar");
        }
    }

    @Test
    void aJarWithEverythingInItIsOneLayer() throws IOException {
        jar("Main-Class: com.example.Cart");

        try (var image = open(TestImage.withRoot(CART, "/opt/cart"))) {
            assertThat(TestImage.layers(image))
                    .containsExactly(Map.entry("application", List.of("/opt/cart/cart.jar")));
            assertThat(image.spec().entrypoint()).containsExactly("java", "-jar", "/opt/cart/cart.jar");
            assertThat(image.spec().workingDirectory()).isEqualTo("/");
        }
    }

    @Test
    void aJarWithoutClassPathTakesItsLibrariesFromADirectory() throws IOException {
        library("target/dependency/b.jar");
        library("target/dependency/a.jar");
        jar("Main-Class: com.example.Cart");
        var application = TestImage.application(CART.from(), List.of("target/dependency"));

        try (var image = open(application)) {
            assertThat(TestImage.layers(image).get("dependencies"))
                    .containsExactly("/app/libs/a.jar", "/app/libs/b.jar");
            assertThat(image.spec().entrypoint())
                    .containsExactly(
                            "java", "-cp", "/app/cart.jar:/app/libs/a.jar:/app/libs/b.jar", "com.example.Cart");
        }
        try (var image = open(TestImage.withMain(application, "com.example.Other"))) {
            assertThat(image.spec().entrypoint()).endsWith("com.example.Other");
        }
    }

    @Test
    void aJarWithoutAMainClassIsRefusedUnlessSomebodyElseSaysWhatIsStarted() throws IOException {
        jar("Created-By: nobody");

        DeliveryException refused = refusal(CART);
        assertThat(refused.why()).isEqualTo("its manifest has no Main-Class");
        assertThat(refused.hint()).contains("main: com.example.Main", "spring-boot:repackage");
        try (var image = open(TestImage.withMain(CART, "com.example.Cart"))) {
            assertThat(image.spec().entrypoint()).containsExactly("java", "-cp", "/app/cart.jar", "com.example.Cart");
        }
        ImageDefinition definition = TestImage.of(CART, Base.SCRATCH);
        var own = new ImageDefinition(
                definition.name(),
                definition.repository(),
                definition.base(),
                CART,
                List.of(),
                List.of("java", "-javaagent:/agent.jar", "-jar", "/app/cart.jar"),
                null,
                Map.of(),
                null,
                null,
                List.of(),
                definition.platforms(),
                Map.of());
        try (var image = TestImage.open(own, project)) {
            assertThat(image.spec().entrypoint()).isEqualTo(own.entrypoint());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /opt/lib/a.jar                 | absolute, or a URL of its own   | classpathPrefix
                    file:/home/jane/.m2/a.jar      | absolute, or a URL of its own   | classpathPrefix
                    https://example.com/a.jar      | absolute, or a URL of its own   | classpathPrefix
                    //host/a.jar                   | absolute, or a URL of its own   | classpathPrefix
                    %zz.jar                        | absolute, or a URL of its own   | classpathPrefix
                    ../../elsewhere/a.jar          | outside the repository          | beside the jar
                    ../%2e%2e/%2e%2e/etc/passwd    | outside the repository          | beside the jar
                    conf                           | a slash at the end              | 'conf/'
                    """)
    void aClassPathThatCanNotBeInTheImageIsRefusedWithWhatToDo(String entry, String why, String hint)
            throws IOException {
        write("target/conf/app.properties", "a=b");
        jar("Main-Class: com.example.Cart", "Class-Path: " + entry);

        DeliveryException refused = refusal(CART);
        assertThat(refused.what()).contains("'" + entry + "' of the Class-Path");
        assertThat(refused.why()).contains(why);
        assertThat(refused.hint()).contains(hint);
    }

    @Test
    void missingFilesOfTheClassPathAreNamed() throws IOException {
        jar("Main-Class: com.example.Cart", "Class-Path: a.jar b/ c.jar d.jar e.jar f.jar g.jar");

        DeliveryException refused = refusal(CART);
        assertThat(refused.what()).startsWith("7 files of the Class-Path");
        assertThat(refused.why()).isEqualTo("a.jar, b/, c.jar, d.jar, e.jar and 2 more");
        assertThat(refused.hint()).contains("mvn dependency:copy-dependencies");
    }

    @Test
    void aLibraryThatIsNoJarIsFoundBeforeItIsInAnImage() throws IOException {
        write("target/lib/a.jar", "PK\u0003\u0004 half of it");
        jar("Main-Class: com.example.Cart", "Class-Path: lib/a.jar");

        assertThat(refusal(CART).what()).isEqualTo(project.resolve("target/lib/a.jar") + " is not a jar");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theJarMayBeNamedByALink() throws IOException {
        library("target/lib/a.jar");
        new TestJar()
                .with("META-INF/MANIFEST.MF", manifest("Main-Class: com.example.Cart", "Class-Path: lib/a.jar"))
                .write(project.resolve("target/cart-1.2.jar"));
        Files.createSymbolicLink(project.resolve("target/cart.jar"), Path.of("cart-1.2.jar"));

        try (var image = open(CART)) {
            assertThat(image.spec().entrypoint()).containsExactly("java", "-jar", "/app/cart.jar");
            assertThat(TestImage.layers(image).get("dependencies")).containsExactly("/app/lib/a.jar");
        }
    }

    private void jar(String... lines) throws IOException {
        new TestJar()
                .with("META-INF/MANIFEST.MF", manifest(lines))
                .with("com/example/Cart.class", "cart")
                .write(project.resolve("target/cart.jar"));
    }

    private void library(String path) throws IOException {
        new TestJar().with(path, path).write(project.resolve(path));
    }

    private void write(String path, String content) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String manifest(String... lines) {
        var text = new StringBuilder("Manifest-Version: 1.0\n");
        for (String line : lines) {
            // A line has at most 72 bytes; the next begins with a space.
            text.append(line.length() < 70 ? line : line.substring(0, 70) + "\n " + line.substring(70))
                    .append('\n');
        }
        return text.append('\n').toString();
    }

    private ImageAssembly open(ImageDefinition.Application application) {
        return TestImage.open(TestImage.of(application, Base.SCRATCH), project);
    }

    private DeliveryException refusal(ImageDefinition.Application application) {
        var refusal = new DeliveryException[1];
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> open(application).close())
                .satisfies(thrown -> refusal[0] = thrown);
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refusal[0].where()).isEqualTo("image cart: from");
        return refusal[0];
    }
}
