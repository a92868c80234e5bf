package io.jenkins.plugins.lockstep.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A Spring Boot application in a Git repository, built once by Maven and then changed where a compiler would change it: in
 * Maven's {@code target/classes}, in the packed jar, and in a directory with the same files for those who don't read jars.
 */
final class BuildApplication {

    private static final String MARKER = "version-000000";
    private static final String CLASS = "com/example/shop/Part42.class";
    private static final String RESOURCE = "application.properties";
    private static final int PARTS = 102;

    /** Changes one kind of thing, each time to something that was never there before. */
    enum Change {
        CLASS,
        RESOURCE,
        DEPENDENCY
    }

    final Path root;
    final Path exploded;
    private final Path pristine;
    private final Map<String, byte[]> changed = new HashMap<>();
    private int changes;

    private BuildApplication(Path work) {
        this.root = work.resolve("shop");
        this.exploded = work.resolve("exploded");
        this.pristine = work.resolve("pristine.jar");
    }

    /** Generates, compiles and packs; needs what Maven needs. */
    static BuildApplication make(Path work, Path pom) throws IOException, InterruptedException {
        var application = new BuildApplication(work);
        Path sources = Files.createDirectories(application.root.resolve("src/main/java/com/example/shop"));
        Files.copy(pom, application.root.resolve("pom.xml"));
        Files.writeString(application.root.resolve(".gitignore"), "target\n");
        Files.writeString(
                sources.resolve("Shop.java"),
                """
                package com.example.shop;

                @org.springframework.boot.autoconfigure.SpringBootApplication
                public class Shop {
                    public static void main(String[] arguments) {
                        org.springframework.boot.SpringApplication.run(Shop.class, arguments);
                    }
                }
                """);
        for (int i = 0; i < PARTS; i++) {
            Files.writeString(
                    sources.resolve("Part" + i + ".java"),
                    "package com.example.shop;\n\npublic class Part" + i + " {\n    public String version() {\n"
                            + "        return \"part " + i + " " + MARKER + "\";\n    }\n}\n");
        }
        Path resources = Files.createDirectories(application.root.resolve("src/main/resources"));
        Files.writeString(resources.resolve(RESOURCE), "shop=" + MARKER + "\n");
        new Command(application.root, "mvn", "-B", "-q", "-DskipTests", "package").run();
        Files.copy(application.root.resolve("target/shop.jar"), application.pristine);
        application.explode();
        for (String[] words : new String[][] {
            {"git", "init", "-q"},
            {"git", "config", "user.name", "bench"},
            {"git", "config", "user.email", "bench@example.com"},
        }) {
            new Command(application.root, words).run();
        }
        application.commit();
        return application;
    }

    /** Changes the build's outputs and commits. */
    void change(Change what) throws IOException, InterruptedException {
        changes++;
        String now = String.format("version-%06d", changes);
        switch (what) {
            case CLASS -> replace("BOOT-INF/classes/" + CLASS, "classes/" + CLASS, now);
            case RESOURCE -> replace("BOOT-INF/classes/" + RESOURCE, "classes/" + RESOURCE, now);
            case DEPENDENCY -> replaceLibrary(now);
        }
        pack();
        commit();
    }

    /** Writes a file and commits it. */
    void write(String name, String content) throws IOException, InterruptedException {
        Files.writeString(root.resolve(name), content);
        commit();
    }

    void commit() throws IOException, InterruptedException {
        new Command(root, "git", "add", "-A").run();
        new Command(root, "git", "commit", "-q", "--allow-empty", "-m", "change").run();
    }

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void replace(String entry, String file, String now) throws IOException {
        byte[] old;
        try (var jar = new ZipFile(pristine.toFile());
                var in = jar.getInputStream(jar.getEntry(entry))) {
            old = in.readAllBytes();
        }
        String text = new String(old, StandardCharsets.ISO_8859_1).replace(MARKER, now);
        byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
        changed.put(entry, content);
        Files.write(exploded.resolve(file), content);
        Files.write(root.resolve("target").resolve(file), content);
    }

    /** A new version of a library of 1 MB: the same with one entry more. */
    private void replaceLibrary(String now) throws IOException {
        String name;
        try (var libraries = Files.list(exploded.resolve("lib"))) {
            name = libraries
                    .map(path -> path.getFileName().toString())
                    .filter(file -> file.startsWith("postgresql-"))
                    .findFirst()
                    .orElseThrow();
        }
        Path library = exploded.resolve("lib").resolve(name);
        Path copy = library.resolveSibling("copy");
        copy(library, copy, Map.of("META-INF/version", now.getBytes(StandardCharsets.UTF_8)));
        Files.move(copy, library, StandardCopyOption.REPLACE_EXISTING);
        changed.put("BOOT-INF/lib/" + name, Files.readAllBytes(library));
    }

    private void pack() throws IOException {
        copy(pristine, root.resolve("target/shop.jar"), changed);
    }

    private void explode() throws IOException {
        try (var jar = new ZipFile(pristine.toFile())) {
            Enumeration<? extends ZipEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()
                        && (entry.getName().startsWith("BOOT-INF/lib/")
                                || entry.getName().startsWith("BOOT-INF/classes/"))) {
                    Path file = exploded.resolve(entry.getName().substring("BOOT-INF/".length()));
                    Files.createDirectories(file.getParent());
                    try (var in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
    }

    /** Copies a zip with other or more entries; what was stored stays stored, as Spring Boot wants its libraries. */
    private static void copy(Path from, Path to, Map<String, byte[]> others) throws IOException {
        Map<String, byte[]> left = new HashMap<>(others);
        try (var in = new ZipFile(from.toFile());
                OutputStream file = Files.newOutputStream(to);
                var out = new ZipOutputStream(file)) {
            Enumeration<? extends ZipEntry> entries = in.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                byte[] content = left.remove(entry.getName());
                if (content == null) {
                    try (var bytes = in.getInputStream(entry)) {
                        content = bytes.readAllBytes();
                    }
                }
                put(out, entry.getName(), content, entry.getMethod() == ZipEntry.STORED);
            }
            for (Map.Entry<String, byte[]> more : left.entrySet()) {
                put(out, more.getKey(), more.getValue(), false);
            }
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] content, boolean stored) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTime(0);
        if (stored) {
            var checksum = new CRC32();
            checksum.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(checksum.getValue());
        }
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
