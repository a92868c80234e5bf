package io.jenkins.plugins.lockstep.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Small applications in repositories of their own, each with an image repository of its own. */
final class Project {

    private static final String COMMIT_GIT =
            "git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m one";
    private static final String COMMIT_HG = "hg init . && hg commit -q -A -u ada -m one";

    private final Path directory;
    private final String registry;

    Project(Path directory, String registry) {
        this.directory = directory;
        this.registry = registry;
    }

    /** Files of any kind, in Git; the image can run in the test bed. */
    Path layers() throws IOException, InterruptedException {
        return layers(COMMIT_GIT);
    }

    /** The same, in Mercurial. */
    Path mercurial() throws IOException, InterruptedException {
        return layers(COMMIT_HG);
    }

    private Path layers(String commit) throws IOException, InterruptedException {
        return make(
                System.getenv("LOCKSTEP_TEST_BASE"),
                "layers: [{ from: page.txt, to: /page.txt }]\n  entrypoint: [/bin/sh, -c, \"sleep 100000\"]",
                commit);
    }

    /** A jar of Spring Boot's, as far as what builds images looks at. */
    Path springBoot() throws IOException, InterruptedException {
        Path project = make(System.getenv("LOCKSTEP_TEST_JRE_BASE"), "from: app.jar", "true");
        var manifest = manifest("org.springframework.boot.loader.launch.JarLauncher");
        manifest.getMainAttributes().putValue("Start-Class", DelayedProcess.class.getName());
        manifest.getMainAttributes().putValue("Spring-Boot-Version", "3.5.0");
        manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
        manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
        Path library = Files.createTempFile(directory, "library", ".jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(library), manifest("none"))) {
            add(jar, "");
        }
        try (var jar = new JarOutputStream(Files.newOutputStream(project.resolve("app.jar")), manifest)) {
            add(jar, "BOOT-INF/classes/");
            stored(jar, "BOOT-INF/lib/library-1.0.jar", Files.readAllBytes(library));
        }
        return committed(project, COMMIT_GIT);
    }

    /** A jar whose manifest names others, and nothing said of how to run it. */
    Path thinJar() throws IOException, InterruptedException {
        Path project = make(System.getenv("LOCKSTEP_TEST_JRE_BASE"), "from: app.jar", "true");
        Path file = project.resolve("lockstep.yaml");
        Files.writeString(file, Files.readString(file).replace("manifests: deploy\n", ""));
        var manifest = manifest(DelayedProcess.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "library.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(project.resolve("app.jar")), manifest)) {
            add(jar, "");
        }
        try (var jar = new JarOutputStream(Files.newOutputStream(project.resolve("library.jar")), manifest("none"))) {
            add(jar, "");
        }
        return committed(project, COMMIT_GIT);
    }

    private Path make(String base, String image, String commit) throws IOException, InterruptedException {
        String name = UUID.randomUUID().toString().substring(0, 8);
        Path project = directory.resolve("project-" + name);
        Files.createDirectories(project.resolve("config"));
        Files.createDirectories(project.resolve("deploy"));
        Files.writeString(
                project.resolve("lockstep.yaml"),
                """
                apiVersion: lockstep/v1
                app: cart
                image:
                  repository: %s/agent-%s/cart
                  base: %s
                  %s
                manifests: deploy
                environments:
                  staging: { config: config }
                """
                        .formatted(registry, name, base, image));
        Files.writeString(project.resolve("page.txt"), "one");
        Files.writeString(project.resolve("config/greeting.txt"), "hello");
        Files.writeString(
                project.resolve("deploy/app.yaml"),
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: cart }
                spec:
                  selector: { matchLabels: { app: cart } }
                  template:
                    metadata: { labels: { app: cart } }
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers: [{ name: app, image: lockstep }]
                """);
        return committed(project, commit);
    }

    private static Path committed(Path project, String command) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", command)
                .directory(project.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(command + " ended with " + code);
        }
        return project;
    }

    private static Manifest manifest(String main) {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        return manifest;
    }

    private static void add(JarOutputStream jar, String prefix) throws IOException {
        String entry = DelayedProcess.class.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(prefix + entry));
        try (InputStream in = DelayedProcess.class.getResourceAsStream("/" + entry)) {
            in.transferTo((OutputStream) jar);
        }
    }

    private static void stored(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        var sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        jar.putNextEntry(entry);
        jar.write(bytes);
    }
}
