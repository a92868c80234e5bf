package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How long somebody waits for a command that does next to nothing, as a multiple of {@code java -version}.
 *
 * <p>With {@code LOCKSTEP_CLASSES=write} in the environment it writes the list of classes of the archive first, for which
 * the jar is then to be built again.
 */
final class StartTopic implements Topic {

    private static final int ROUNDS = 15;
    private static final String JAVA_VERSION = "java -Xshare:auto -version";

    /** What the list of classes is made of. */
    private static final List<List<String>> USUAL = List.of(
            List.of("release", "staging"),
            List.of("--version"),
            List.of("--help"),
            List.of("status", "staging"),
            List.of("history", "staging"),
            List.of("plan", "staging"),
            List.of("verify", "staging"));

    private final Path home = Path.of(System.getProperty("lockstep.home", "")).toAbsolutePath();
    private final Path jar = home.resolve("target/lockstep-cli.jar");
    private final String java =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void measure(Report report) throws Exception {
        Path directory = Files.createTempDirectory("lockstep-start");
        String namespace = "start-" + UUID.randomUUID().toString().substring(0, 8);
        try (KubeCluster cluster = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, null))) {
            ServedKind namespaces = cluster.served("v1", "Namespace").orElseThrow();
            var key = new ResourceKey("", "Namespace", "", namespace);
            LiveObject made = cluster.apply(
                            namespaces,
                            key,
                            Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", namespace)),
                            new ApplyMode("bench", false, false))
                    .object();
            try {
                released(directory, namespace);
                if ("write".equals(System.getenv("LOCKSTEP_CLASSES"))) {
                    writeClasses(directory, namespace);
                }
                Path archive = archive(report, directory);
                times(report, directory, namespace);
                classes(report, directory, archive, namespace);
            } finally {
                cluster.delete(namespaces, key, made.uid());
            }
        }
    }

    /** A project with a release of one pod. */
    private void released(Path directory, String namespace) throws Exception {
        write(directory, "app/page.txt", "page\n");
        write(directory, "config/staging/audience.txt", "testers\n");
        write(
                directory,
                "lockstep.yaml",
                """
                apiVersion: lockstep/v1
                app: start
                image:
                  repository: %s/%s/start
                  base: %s
                  layers: [{ from: app, to: /app }]
                  entrypoint: [/bin/busybox, sleep, "3600"]
                manifests: deploy/
                environments:
                  staging: { config: config/staging }
                """
                        .formatted(TestBed.registry(), namespace, TestBed.base()));
        write(
                directory,
                "deploy/start.yaml",
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: start }
                spec:
                  selector: { matchLabels: { app: start } }
                  template:
                    metadata: { labels: { app: start } }
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - { name: start, image: lockstep, envFrom: [{ configMapRef: { name: start-config } }] }
                ---
                apiVersion: v1
                kind: Service
                metadata: { name: start }
                spec: { selector: { app: start }, ports: [{ port: 80 }] }
                """);
        new Command(directory, "git", "init", "-q").run();
        commit(directory, "one");
        program(directory, namespace, List.of(java, "-jar", jar.toString()), List.of("release", "staging"))
                .run();
    }

    private static void commit(Path directory, String message) throws IOException, InterruptedException {
        new Command(directory, "git", "add", "-A").run();
        new Command(
                        directory,
                        "git",
                        "-c",
                        "user.name=bench",
                        "-c",
                        "user.email=bench@example.com",
                        "commit",
                        "-qm",
                        message)
                .run();
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Command program(Path directory, String namespace, List<String> program, List<String> words) {
        var all = new ArrayList<>(program);
        all.addAll(words);
        if (!words.get(0).startsWith("-")) {
            all.addAll(List.of("--namespace", namespace));
        }
        return new Command(directory, all.toArray(String[]::new))
                .with("KUBECONFIG", TestBed.kubeconfig().toString())
                .with("LOCKSTEP_CLASS_ARCHIVE", "");
    }

    private void writeClasses(Path directory, String namespace) throws Exception {
        var lines = new TreeSet<String>();
        // Something to build for the release that is listed.
        write(directory, "app/page.txt", "another page\n");
        commit(directory, "two");
        for (List<String> words : USUAL) {
            Path list = directory.resolve(".git/classes.lst");
            program(
                            directory,
                            namespace,
                            List.of(java, "-XX:DumpLoadedClassList=" + list, "-jar", jar.toString()),
                            words)
                    .run();
            try (Stream<String> read = Files.lines(list)) {
                // picocli's classes are of a format that an archive can hold only where nothing has linked them before.
                read.filter(line -> !line.startsWith("#") && !(line.startsWith("@") && line.contains("picocli")))
                        .forEach(lines::add);
            }
        }
        Files.write(
                home.resolve("src/main/resources/io/jenkins/plugins/lockstep/cli/classes.txt"),
                String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Has the script make its archive, and makes another one by the clock. */
    private Path archive(Report report, Path directory) throws Exception {
        try (Stream<Path> old = Files.list(home.resolve("target"))) {
            for (Path file : old.filter(path -> path.toString().contains("lockstep-cli-"))
                    .toList()) {
                Files.delete(file);
            }
        }
        new Command(directory, home.resolve("lockstep").toString(), "--version")
                .with("CI", "")
                .with("JENKINS_URL", "")
                .with("BUILD_URL", "")
                .run();
        Path archive = null;
        while (archive == null) {
            Thread.sleep(500);
            try (Stream<Path> files = Files.list(home.resolve("target"))) {
                archive = files.filter(file -> file.toString().matches(".*lockstep-cli-[0-9]+\\.jsa"))
                        .findFirst()
                        .orElse(null);
            }
        }
        Path other = directory.resolve(".git/lockstep-cli-0.jsa");
        long begin = System.nanoTime();
        new Command(
                        directory,
                        java,
                        "-cp",
                        jar.toString(),
                        "io.jenkins.plugins.lockstep.cli.ClassArchive",
                        jar.toString(),
                        other.toString())
                .run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        report.heading("Start-up");
        report.line("The class-data archive: %.0f MB, made in %.1f s; the jar: %.1f MB."
                .formatted(Files.size(other) / 1e6, seconds, Files.size(jar) / 1e6));
        return archive;
    }

    private void times(Report report, Path directory, String namespace) throws Exception {
        var commands = new LinkedHashMap<String, Command>();
        commands.put(JAVA_VERSION, new Command(directory, java, "-Xshare:auto", "-version"));
        for (List<String> words : List.of(List.of("--version"), List.of("status", "staging"))) {
            String line = String.join(" ", words);
            List<String> script = List.of(home.resolve("lockstep").toString());
            commands.put("./lockstep " + line, program(directory, namespace, script, words));
            commands.put(
                    "./lockstep " + line + ", no archive",
                    program(directory, namespace, script, words).with("LOCKSTEP_CLASS_ARCHIVE", "off"));
            commands.put(
                    "java -jar lockstep-cli.jar " + line,
                    program(directory, namespace, List.of(java, "-jar", jar.toString()), words));
        }
        if (Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl")))) {
            commands.put("kubectl version --client", new Command(directory, "kubectl", "version", "--client"));
            commands.put("kubectl get all", program(directory, namespace, List.of("kubectl"), List.of("get", "all")));
        }
        var rounds = new Rounds();
        commands.forEach((name, command) -> rounds.with(name, command::run));
        Map<String, List<Double>> seconds = rounds.seconds(2, ROUNDS);
        report.header("whole process", "seconds", "times `" + JAVA_VERSION + "`");
        seconds.forEach((name, values) -> report.row(
                "`" + name + "`",
                Spread.of(values).text("%.3f"),
                Spread.ofRatios(values, seconds.get(JAVA_VERSION)).text("%.1f")));
    }

    private void classes(Report report, Path directory, Path archive, String namespace) throws Exception {
        report.header("command", "classes", "of them from an archive, without ours", "with ours");
        for (List<String> words : List.of(List.of("--version"), List.of("status", "staging"))) {
            List<String> without = loaded(directory, namespace, List.of(), words);
            List<String> with = loaded(directory, namespace, List.of("-XX:SharedArchiveFile=" + archive), words);
            report.row(
                    "`lockstep " + String.join(" ", words) + "`",
                    String.valueOf(without.size()),
                    String.valueOf(shared(without)),
                    shared(with) + " of " + with.size());
        }
    }

    private static long shared(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("shared objects file"))
                .count();
    }

    private List<String> loaded(Path directory, String namespace, List<String> options, List<String> words)
            throws Exception {
        Path log = directory.resolve(".git/loaded.txt");
        var program = new ArrayList<>(List.of(java, "-Xlog:class+load:file=" + log + ":none"));
        program.addAll(options);
        program.addAll(List.of("-jar", jar.toString()));
        program(directory, namespace, program, words).run();
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" source: "))
                .toList();
    }
}
