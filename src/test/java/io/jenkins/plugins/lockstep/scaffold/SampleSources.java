package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.image.TestJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Projects of every kind that init knows, as small as they come, with what their builds make.
 *
 * @param kind as the draft calls it
 * @param app the name that the project's own files tell
 * @param files the sources by path
 * @param outputs what the build makes, by path; a few texts stand for archives
 */
public record SampleSources(String kind, String app, Map<String, String> files, Map<String, String> outputs) {

    private static final String MAIN =
            "package com.example;\npublic class Cart {\n" + "    public static void main(String[] arguments) {}\n}\n";
    private static final String BOOT_JAR = "a Spring Boot jar";
    private static final String WAR = "a war";

    /** Followed by the manifest's lines. */
    private static final String JAR = "a jar: ";

    private static final String RUNNABLE_JAR = JAR + "Main-Class: com.example.Cart\n";

    public static Stream<SampleSources> all() {
        return Stream.of(
                springBootMaven(),
                springBootGradle(),
                new SampleSources(
                        "WAR (Maven)",
                        "cart",
                        files("pom.xml", pom("<packaging>war</packaging>", "")),
                        files("target/cart-1.0.war", WAR)),
                new SampleSources(
                        "WAR (Gradle)",
                        "cart",
                        files(
                                "build.gradle",
                                "plugins { id 'war' }\n",
                                "settings.gradle",
                                "rootProject.name = 'cart'\n"),
                        files("build/libs/cart.war", WAR)),
                new SampleSources(
                        "Quarkus (Maven)",
                        "cart",
                        files("pom.xml", pom("", plugin("quarkus-maven-plugin", ""))),
                        files(
                                "target/quarkus-app/lib/main/a.jar",
                                "a",
                                "target/quarkus-app/quarkus/generated.jar",
                                "b",
                                "target/quarkus-app/quarkus-run.jar",
                                "c",
                                "target/quarkus-app/app/cart.jar",
                                "d")),
                new SampleSources(
                        "Java, one jar (Maven shade)",
                        "cart",
                        files("pom.xml", pom("", plugin("maven-shade-plugin", ""))),
                        files("target/cart-1.0.jar", RUNNABLE_JAR)),
                new SampleSources(
                        "Java, jar with Class-Path (Maven)",
                        "cart",
                        files(
                                "pom.xml",
                                pom(
                                        "<dependencies><dependency><artifactId>gson</artifactId></dependency></dependencies>",
                                        plugin(
                                                        "maven-jar-plugin",
                                                        "<configuration><archive><manifest><addClasspath>true</addClasspath>"
                                                                + "<classpathPrefix>lib/</classpathPrefix><mainClass>com.example.Cart</mainClass>"
                                                                + "</manifest></archive></configuration>")
                                                + plugin(
                                                        "maven-dependency-plugin",
                                                        "<executions><execution><configuration><outputDirectory>"
                                                                + "${project.build.directory}/lib</outputDirectory></configuration></execution></executions>"))),
                        files(
                                "target/cart-1.0.jar",
                                RUNNABLE_JAR + "Class-Path: lib/gson.jar\n",
                                "target/lib/gson.jar",
                                JAR)),
                new SampleSources(
                        "Java (Maven)",
                        "cart",
                        files("pom.xml", pom("", ""), "src/main/java/com/example/Cart.java", MAIN),
                        files("target/classes/com/example/Cart.class", "class")),
                new SampleSources(
                        "Java (Maven)",
                        "cart",
                        files(
                                "pom.xml",
                                pom(
                                        "<dependencies><dependency><artifactId>gson</artifactId></dependency></dependencies>",
                                        ""),
                                "src/main/java/com/example/Cart.java",
                                MAIN),
                        files("target/classes/com/example/Cart.class", "class", "target/dependency/gson.jar", JAR)),
                new SampleSources(
                        "Java (Gradle application)",
                        "cart",
                        files(
                                "build.gradle.kts",
                                "plugins {\n    application\n}\napplication { mainClass.set(\"com.example.Cart\") }\n",
                                "settings.gradle.kts",
                                "rootProject.name = \"cart\"\n"),
                        files("build/install/cart/lib/cart.jar", "zip")),
                new SampleSources(
                        "Java, one jar (Gradle shadow)",
                        "cart",
                        files(
                                "build.gradle",
                                "plugins {\n  id 'com.gradleup.shadow' version '8.3.5'\n}\nversion = '2.0'\n",
                                "settings.gradle",
                                "rootProject.name = 'cart'\n"),
                        files("build/libs/cart-2.0-all.jar", RUNNABLE_JAR)),
                node(),
                new SampleSources(
                        "static files, built by npm",
                        "front",
                        files(
                                "package.json",
                                "{\"name\": \"@shop/front\", \"scripts\": {\"start\": \"vite\", \"build\": \"vite build\"}}",
                                "index.html",
                                "<script src=/src/main.ts></script>"),
                        files("dist/index.html", "<p>built", "dist/assets/app.js", "1")),
                new SampleSources(
                        "static files",
                        "page",
                        files("index.html", "<p>hello", "style.css", "p {}", "README.md", "about"),
                        Map.of()),
                new SampleSources("static files", "page", files("public/index.html", "<p>hello"), Map.of()),
                new SampleSources(
                        "Go",
                        "cart",
                        files(
                                "go.mod",
                                "module example.com/shop/cart\n\ngo 1.22\n",
                                "cmd/cart/main.go",
                                "package main\n"),
                        files("target/cart", "\u007fELF")));
    }

    public static SampleSources springBootMaven() {
        return new SampleSources(
                "Spring Boot (Maven)",
                "cart",
                files(
                        "pom.xml",
                        """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <project xmlns="http://maven.apache.org/POM/4.0.0">
                          <parent>
                            <groupId>org.springframework.boot</groupId>
                            <artifactId>spring-boot-starter-parent</artifactId>
                            <version>3.5.8</version>
                            <relativePath/>
                          </parent>
                          <artifactId>cart</artifactId>
                          <version>1.0-SNAPSHOT</version>
                          <properties><java.version>21</java.version></properties>
                          <dependencies>
                            <dependency><artifactId>spring-boot-starter-web</artifactId></dependency>
                          </dependencies>
                          <build><plugins><plugin>
                            <groupId>org.springframework.boot</groupId>
                            <artifactId>spring-boot-maven-plugin</artifactId>
                          </plugin></plugins></build>
                        </project>
                        """,
                        "mvnw",
                        "#!/bin/sh\n",
                        "src/main/resources/application.yml",
                        "server:\n  port: ${PORT:9090}\n"),
                files("target/cart-1.0-SNAPSHOT.jar", BOOT_JAR));
    }

    public static SampleSources springBootGradle() {
        return new SampleSources(
                "Spring Boot (Gradle)",
                "cart",
                files(
                        "build.gradle",
                        """
                        plugins {
                            id 'java'
                            id 'org.springframework.boot' version '3.5.8' // the web
                        }
                        version = '0.0.1-SNAPSHOT'
                        java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }
                        dependencies { implementation 'org.springframework.boot:spring-boot-starter-web' }
                        """,
                        "settings.gradle",
                        "rootProject.name = 'cart'\n",
                        "gradlew",
                        "#!/bin/sh\n"),
                files("build/libs/cart-0.0.1-SNAPSHOT.jar", BOOT_JAR));
    }

    public static SampleSources node() {
        return new SampleSources(
                "Node.js",
                "cart",
                files(
                        "package.json",
                        "{\"name\": \"@shop/cart\", \"main\": \"server.js\", \"scripts\": {\"start\": \"node server.js --quiet\"},"
                                + " \"dependencies\": {\"express\": \"^4\"}}",
                        "package-lock.json",
                        "{}",
                        "server.js",
                        "require('./lib/app').listen(process.env.PORT || 4000)\n",
                        "lib/app.js",
                        "module.exports = {}\n",
                        "test/app.test.js",
                        "listen(1)\n"),
                files("node_modules/express/index.js", "1"));
    }

    /** Writes the sources into a directory. */
    public void writeTo(Path directory) {
        files.forEach((path, text) -> write(directory.resolve(path), text));
    }

    /** Does what the build does. */
    public void build(Path directory) {
        outputs.forEach((path, text) -> {
            Path file = directory.resolve(path);
            if (text.equals(BOOT_JAR)) {
                packBoot(file);
            } else if (text.equals(WAR)) {
                pack(file, new TestJar().with("WEB-INF/web.xml", "<web-app/>").with("index.html", "<p>hello"));
            } else if (text.startsWith(JAR)) {
                String manifest = "Manifest-Version: 1.0\n" + text.substring(JAR.length()) + "\n";
                pack(
                        file,
                        new TestJar().with("META-INF/MANIFEST.MF", manifest).with("com/example/Cart.class", "class"));
            } else {
                write(file, text);
            }
        });
    }

    public static String pom(String rest, String plugins) {
        return "<project><artifactId>cart</artifactId><version>1.0</version>" + rest + "<build><plugins>" + plugins
                + "</plugins></build></project>";
    }

    private static String plugin(String name, String rest) {
        return "<plugin><artifactId>" + name + "</artifactId>" + rest + "</plugin>";
    }

    private static Map<String, String> files(String... pathsAndTexts) {
        var files = new LinkedHashMap<String, String>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            files.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return files;
    }

    private static void packBoot(Path file) {
        pack(
                file,
                new TestJar()
                        .withBootManifest("org.springframework.boot.loader.launch.JarLauncher", "com.example.Cart")
                        .with("org/springframework/boot/loader/launch/JarLauncher.class", "class")
                        .with("BOOT-INF/classes/com/example/Cart.class", "class")
                        .with("BOOT-INF/lib/spring-core.jar", "zip"));
    }

    private static void pack(Path file, TestJar jar) {
        try {
            jar.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return kind + " " + List.copyOf(files.keySet());
    }
}
