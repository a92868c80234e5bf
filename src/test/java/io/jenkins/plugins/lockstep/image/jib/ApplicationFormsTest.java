package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageAssembly;
import io.jenkins.plugins.lockstep.image.ImageComparison;
import io.jenkins.plugins.lockstep.image.ImageContents;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.image.TestClasses;
import io.jenkins.plugins.lockstep.image.TestImage;
import io.jenkins.plugins.lockstep.image.TestJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each form of an application, built in two clones by two machines: one digest, and a Java that runs it. */
class ApplicationFormsTest {

    private static final String OUTPUT = "price of apples: 3";

    @TempDir
    Path directory;

    private Path images;
    private OciLayoutImageStore store;

    /** A form: what the project file says, and what the build leaves; {@code other} writes jars as another machine does. */
    private enum Form {
        BOOT_JAR(ImageDefinition.Application.of("target/cart.jar")) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                other.apply(boot(work, "BOOT-INF/", "JarLauncher", other)).write(project.resolve("target/cart.jar"));
            }
        },
        BOOT_WAR(ImageDefinition.Application.of("target/cart.war")) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                other.apply(boot(work, "WEB-INF/", "WarLauncher", other)).write(project.resolve("target/cart.war"));
            }
        },
        WAR(new ImageDefinition.Application(
                List.of("target/cart.war"), List.of(), null, "/usr/local/tomcat/webapps/ROOT", List.of())) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                TestJar war = new TestJar()
                        .with("WEB-INF/web.xml", "<web-app/>")
                        .with("WEB-INF/lib/prices-1-SNAPSHOT.jar", module(work, other))
                        .with("WEB-INF/classes/example/Cart.class", Files.readAllBytes(work.resolve(CART)));
                other.apply(war).write(project.resolve("target/cart.war"));
            }
        },
        THIN_JAR(ImageDefinition.Application.of("target/cart.jar")) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                copy(module(work, other), project.resolve("target/lib/prices-1-SNAPSHOT.jar"));
                application(work, other, "Class-Path: lib/prices-1-SNAPSHOT.jar\n")
                        .write(project.resolve("target/cart.jar"));
            }
        },
        FAT_JAR(ImageDefinition.Application.of("target/cart.jar")) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                TestClasses.pack(work.resolve("module"), application(work, other, ""))
                        .write(project.resolve("target/cart.jar"));
            }
        },
        CLASSES(new ImageDefinition.Application(
                List.of("target/classes"), List.of("target/dependency"), null, null, List.of("prices-*.jar"))) {
            @Override
            void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException {
                copy(module(work, other), project.resolve("target/dependency/prices-1.0.jar"));
                copy(Files.readAllBytes(work.resolve(CART)), project.resolve("target/classes/example/Cart.class"));
                copy("apples".getBytes(StandardCharsets.UTF_8), project.resolve("target/classes/item.txt"));
            }
        };

        private static final String CART = "classes/example/Cart.class";

        private final ImageDefinition.Application application;

        Form(ImageDefinition.Application application) {
            this.application = application;
        }

        abstract void build(Path project, Path work, UnaryOperator<TestJar> other) throws IOException;

        private static byte[] module(Path work, UnaryOperator<TestJar> other) throws IOException {
            Path file = Files.createTempFile(work, "module", ".jar");
            return Files.readAllBytes(other.apply(TestClasses.pack(work.resolve("module"), new TestJar()))
                    .write(file));
        }

        private static TestJar application(Path work, UnaryOperator<TestJar> other, String more) throws IOException {
            return other.apply(TestClasses.pack(
                    work.resolve("classes"),
                    new TestJar()
                            .with(
                                    "META-INF/MANIFEST.MF",
                                    "Manifest-Version: 1.0\nMain-Class: example.Cart\n" + more + "\n")
                            .with("item.txt", "apples")));
        }

        /** An archive with the layout of Boot's; its launcher is the application itself where Java looks for one. */
        private static TestJar boot(Path work, String home, String launcher, UnaryOperator<TestJar> other)
                throws IOException {
            return new TestJar()
                    .withBootManifest("org.springframework.boot.loader.launch." + launcher, "example.Cart")
                    .with("org/springframework/boot/loader/launch/" + launcher + ".class", "loader")
                    .with(home + "classes/example/Cart.class", Files.readAllBytes(work.resolve(CART)))
                    .with(home + "lib/prices-1-SNAPSHOT.jar", module(work, other));
        }

        private static void copy(byte[] content, Path file) throws IOException {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
    }

    @BeforeEach
    void compile() throws IOException {
        images = directory.resolve("images");
        store = new OciLayoutImageStore(images, ImageFixture.access(directory.resolve("cache")));
        Path module = TestClasses.in(directory.resolve("src"), directory.resolve("module"))
                .with(
                        "example.Prices",
                        "package example; public class Prices { public static int of(String item) {" + " return 3; } }")
                .compile();
        TestClasses.in(directory.resolve("src"), directory.resolve("classes"))
                .on(module)
                .with(
                        "example.Cart",
                        """
                        package example;

                        public class Cart {
                            public static void main(String[] arguments) throws java.io.IOException {
                                try (var in = Cart.class.getResourceAsStream("/item.txt")) {
                                    String item = new String(in.readAllBytes());
                                    System.out.println("price of " + item + ": " + Prices.of(item));
                                }
                            }
                        }
                        """)
                .compile();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void twoClonesWhoseBuildsDifferInTimesOrderAndCompressionGiveOneDigest(Form form) throws Exception {
        Path here = directory.resolve("here");
        Path there = directory.resolve("there");
        form.build(here, directory, UnaryOperator.identity());
        form.build(there, directory, TestJar::asFromAnotherMachine);
        age(there);
        assertThat(bytes(there)).isNotEqualTo(bytes(here));

        StoredImage one = push(form, here, "shop/cart:here");
        StoredImage other = push(form, there, "shop/cart:there");

        assertThat(explanation(one, other)).isEmpty();
        assertThat(other.digest()).isEqualTo(one.digest());
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"THIN_JAR", "FAT_JAR", "CLASSES"})
    void javaRunsTheApplicationFromTheFilesOfItsImage(Form form) throws Exception {
        Path project = directory.resolve("project");
        form.build(project, directory, UnaryOperator.identity());
        StoredImage image = push(form, project, "shop/cart:1");
        Path root = directory.resolve("root");
        List<String> command = new ArrayList<>();
        try (ImageContents contents = store.contents(image)) {
            ImageContents.PlatformImage only = contents.images().get(0);
            for (ImageContents.Layer layer : only.layers()) {
                unpack(layer, root);
            }
            var config = (Map<?, ?>) only.configuration().get("config");
            for (Object word : (List<?>) config.get("Entrypoint")) {
                command.add(
                        String.valueOf(word).replace("/app", root.resolve("app").toString()));
            }
        }
        assertThat(command.get(0)).isEqualTo("java");
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());

        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(output).isZero();
        assertThat(output.strip()).isEqualTo(OUTPUT);
    }

    @Test
    void aNativeProgramRunsFromScratchWithTheModeOfItsKind() throws Exception {
        Path project = directory.resolve("project");
        Form.copy("\u007fELF".getBytes(StandardCharsets.ISO_8859_1), project.resolve("build/server"));
        var definition = new ImageDefinition(
                "cart",
                ImageReference.parse("shop/cart"),
                Base.SCRATCH,
                null,
                List.of(new ImageDefinition.Layer("build/server", "/server", null)),
                List.of("/server", "--port", "8080"),
                null,
                Map.of(),
                "65532",
                null,
                List.of(),
                List.of("linux/amd64"),
                Map.of());

        StoredImage image = push(definition, project, "shop/cart:1");

        try (ImageContents contents = store.contents(image)) {
            ImageContents.PlatformImage only = contents.images().get(0);
            assertThat(only.platform()).isEqualTo("linux/amd64");
            assertThat(only.layers()).singleElement().satisfies(layer -> {
                assertThat(layer.name()).isEqualTo("build/server");
                assertThat(contents.files(layer)).containsOnlyKeys("/server");
                assertThat(contents.files(layer).get("/server").mode()).isEqualTo(0755);
            });
            assertThat(((Map<?, ?>) only.configuration().get("config")).get("Entrypoint"))
                    .isEqualTo(List.of("/server", "--port", "8080"));
        }
    }

    private List<?> explanation(StoredImage one, StoredImage other) {
        try (ImageContents before = store.contents(one);
                ImageContents now = store.contents(other)) {
            return ImageComparison.compare(before, now, 100).differences();
        }
    }

    private StoredImage push(Form form, Path project, String reference) throws InterruptedException {
        return push(TestImage.of(form.application, Base.SCRATCH), project, reference);
    }

    private StoredImage push(ImageDefinition definition, Path project, String reference) throws InterruptedException {
        try (ImageAssembly assembly = TestImage.open(definition, project)) {
            return store.push(assembly.spec(), ImageReference.parse(reference), Progress.NONE);
        }
    }

    private void unpack(ImageContents.Layer layer, Path root) throws IOException {
        Path blob = images.resolve("blobs/sha256").resolve(layer.digest().substring("sha256:".length()));
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(blob)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = root.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(tar, target);
                }
            }
        }
    }

    private static List<String> bytes(Path tree) throws IOException {
        List<String> bytes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                bytes.add(file.getFileName() + " " + Files.getLastModifiedTime(file) + " "
                        + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).hashCode());
            }
        }
        return bytes;
    }

    private static void age(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
            }
        }
    }
}
