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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassDirectoriesTest {

    private static final String MAIN = "public static void main(String[] arguments) {}";

    @TempDir
    Path project;

    @Test
    void mavensClassesAndDependenciesBecomeLayersAndAClassPathInOrder() throws IOException {
        compile("target/classes", Map.of("com.example.Cart", MAIN, "com.example.Item", "long price = 1L << 40;"));
        write("target/classes/messages.properties", "a=b");
        library("target/dependency/b-2.jar");
        library("target/dependency/a-1.jar");
        library("target/dependency/api-1-SNAPSHOT.jar");

        try (var image = open(TestImage.application(List.of("target/classes"), List.of("target/dependency")))) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry("dependencies", List.of("/app/libs/a-1.jar", "/app/libs/b-2.jar")),
                            Map.entry("snapshot-dependencies", List.of("/app/libs/api-1-SNAPSHOT.jar")),
                            Map.entry("resources", List.of("/app/resources/messages.properties")),
                            Map.entry(
                                    "classes",
                                    List.of(
                                            "/app/classes/com/example/Cart.class",
                                            "/app/classes/com/example/Item.class")));
            assertThat(image.spec().entrypoint())
                    .containsExactly(
                            "java",
                            "-cp",
                            "/app/resources:/app/classes:/app/libs/a-1.jar:/app/libs/api-1-SNAPSHOT.jar"
                                    + ":/app/libs/b-2.jar",
                            "com.example.Cart");
        }
    }

    @Test
    void gradlesDirectoriesAreTakenTogether() throws IOException {
        compile("build/classes/java/main", Map.of("com.example.Cart", MAIN));
        write("build/resources/main/static/logo.svg", "<svg/>");

        try (var image =
                open(TestImage.application(List.of("build/classes/java/main", "build/resources/main"), List.of()))) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry("resources", List.of("/app/resources/static/logo.svg")),
                            Map.entry("classes", List.of("/app/classes/com/example/Cart.class")));
            assertThat(image.spec().entrypoint())
                    .containsExactly("java", "-cp", "/app/resources:/app/classes", "com.example.Cart");
        }
    }

    @Test
    void whereSeveralClassesCanBeStartedTheyAreListed() throws IOException {
        compile(
                "target/classes",
                Map.of(
                        "com.example.Cart", MAIN + " static class Nested { " + MAIN + " }",
                        "com.example.Admin", "public static void main(String... arguments) {}",
                        "com.example.Hidden", "static void main(String[] arguments) {}",
                        "com.example.Instance", "public void main(String[] arguments) {}",
                        "com.example.Other", "public static void main(String argument) {}"));
        var application = TestImage.application(List.of("target/classes"), List.of());

        DeliveryException refused = refusal(application);
        assertThat(refused.what()).isEqualTo("3 classes can be started");
        assertThat(refused.why()).isEqualTo("com.example.Admin, com.example.Cart, com.example.Cart$Nested");
        assertThat(refused.hint()).isEqualTo("say which: 'main: com.example.Admin'");
        try (var image = open(TestImage.withMain(application, "com.example.Cart"))) {
            assertThat(image.spec().entrypoint()).endsWith("com.example.Cart");
        }
    }

    @Test
    void whereNoClassCanBeStartedThatIsSaidAndFilesThatAreNoClassesAreNone() throws IOException {
        compile("target/classes", Map.of("com.example.Item", "int price;"));
        write("target/classes/templates/Broken.class", "\u00ca\u00fe");
        write("target/classes/templates/Empty.class", "");

        DeliveryException refused = refusal(TestImage.application(List.of("target/classes"), List.of()));
        assertThat(refused.what()).isEqualTo("no class can be started");
        assertThat(refused.hint()).contains("main:");
    }

    @Test
    void aDirectoryWithoutClassesIsNotCompiledYet() throws IOException {
        write("target/classes/messages.properties", "a=b");

        assertThat(refusal(TestImage.application(List.of("target/classes"), List.of()))
                        .what())
                .isEqualTo("there are no classes in target/classes");
    }

    @Test
    void severalPathsAreDirectories() throws IOException {
        compile("target/classes", Map.of("com.example.Cart", MAIN));
        library("target/a.jar");

        assertThat(refusal(TestImage.application(List.of("target/classes", "target/a.jar"), List.of()))
                        .hint())
                .contains("'dependencies:'");
    }

    @Test
    void librariesThatAreMissingOrNoJarsAreRefusedByName() throws IOException {
        compile("target/classes", Map.of("com.example.Cart", MAIN));
        var application = TestImage.application(List.of("target/classes"), List.of("target/dependency"));

        assertThat(refusal(application, "dependencies").hint()).contains("mvn dependency:copy-dependencies");
        write("target/dependency/native.so", "ELF");
        assertThat(refusal(application, "dependencies").what()).endsWith("native.so is not a jar");
        assertThat(refusal(application, "dependencies").hint()).contains("-DincludeTypes=jar");
        Files.delete(project.resolve("target/dependency/native.so"));
        write("target/dependency/cut.jar", "PK");
        assertThat(refusal(application, "dependencies").what()).endsWith("cut.jar is not a jar");
    }

    @Test
    void aPatternOfModulesThatTakesNoJarIsRefused() throws IOException {
        compile("target/classes", Map.of("com.example.Cart", MAIN));
        library("target/dependency/shop-api-1.jar");
        var application = TestImage.application(List.of("target/classes"), List.of("target/dependency"));

        try (var image = open(TestImage.withModules(application, "shop-*.jar"))) {
            assertThat(TestImage.layers(image).get("snapshot-dependencies"))
                    .containsExactly("/app/libs/shop-api-1.jar");
        }
        assertThat(refusal(TestImage.withModules(application, "shop-*.jar", "shp-*"), "modules")
                        .what())
                .isEqualTo("no jar of the application is named 'shp-*'");
    }

    private void compile(String path, Map<String, String> bodies) throws IOException {
        TestClasses classes = TestClasses.in(project.resolve("src"), project.resolve(path));
        bodies.forEach((name, body) -> classes.with(
                name,
                "package com.example; public class " + name.substring(name.lastIndexOf('.') + 1) + " { " + body
                        + " }"));
        classes.compile();
    }

    private void library(String path) throws IOException {
        new TestJar().with(path, path).write(project.resolve(path));
    }

    private void write(String path, String content) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private ImageAssembly open(ImageDefinition.Application application) {
        return TestImage.open(TestImage.of(application, Base.SCRATCH), project);
    }

    private DeliveryException refusal(ImageDefinition.Application application) {
        return refusal(application, "from");
    }

    private DeliveryException refusal(ImageDefinition.Application application, String field) {
        var refusal = new DeliveryException[1];
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> open(application).close())
                .satisfies(thrown -> refusal[0] = thrown);
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refusal[0].where()).isEqualTo("image cart: " + field);
        return refusal[0];
    }
}
