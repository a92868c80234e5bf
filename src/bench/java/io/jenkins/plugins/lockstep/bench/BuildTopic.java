package io.jenkins.plugins.lockstep.bench;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.bench.BuildApplication.Change;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.BuildResult;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Build and push: the first time, the same commit again, and with one class, resource or dependency changed. As whole
 * processes beside jib-maven-plugin and buildah; in a running JVM beside jib-core with that plugin's settings. All push to
 * the test bed's registry, on the same base, which all of them have in their caches.
 */
final class BuildTopic implements Topic {

    private static final int PROCESS_ROUNDS = 5;
    private static final int WARM_ROUNDS = 15;

    /** So that the just-in-time compiler has seen everything of both, as in a controller that has run for a while. */
    private static final int WARM_UPS = 30;

    /** Of changes, which take both through more of their code each time. */
    private static final int CHANGE_WARM_UPS = 15;

    private static final Target REGISTRY = new Target.Kubernetes(null, null, null);

    private Path work = Path.of("");
    private Path home = Path.of("");
    private String repository = "";
    private String base = "";
    private int fresh;
    private BuildApplication application;

    @Override
    public String name() {
        return "build";
    }

    @Override
    public void measure(Report report) throws Exception {
        work = Files.createTempDirectory("lockstep-bench-build");
        home = Path.of(System.getProperty("lockstep.home", "")).toAbsolutePath();
        installBuildah();
        application = BuildApplication.make(work, home.resolve("src/bench/app/pom.xml"));
        try {
            use(TestBed.registry());
            report.heading("Build and push");
            pulls(report);
            processes(report);
            warm(report);
            counts(report);
        } finally {
            BuildApplication.delete(work);
        }
    }

    /** A registry without anything of ours but the base, which is one of the test bed's with a complete history. */
    private void use(String registry) throws IOException, InterruptedException {
        repository = registry + "/bench/" + UUID.randomUUID();
        String jre = TestBed.jreBase().orElse(TestBed.base());
        application.write(
                "lockstep.yaml",
                "apiVersion: lockstep/v1\napp: base\nimage:\n  repository: " + repository + "/base\n  base: " + registry
                        + jre.substring(jre.indexOf('/')) + "\n  layers: [{ from: pom.xml, to: /etc/base.xml }]\n");
        BuildResult built = delivery().build(location(), REGISTRY, Progress.NONE);
        base = built.images().get(0).stored().reference().withTag(null).toString();
        next();
    }

    /** From now on to a repository that nobody has pushed to. */
    private void next() throws IOException, InterruptedException {
        fresh++;
        application.write("lockstep.yaml", project(repository + "/lockstep" + fresh, base));
    }

    private static String project(String repository, String base) {
        return "apiVersion: lockstep/v1\napp: shop\nimage:\n  repository: " + repository + "\n  base: " + base
                + "\n  from: target/shop.jar\n";
    }

    private void processes(Report report) throws Exception {
        report.line("Whole processes, seconds (median, lowest and highest):");
        report.header("what", "Lockstep", "peer", "seconds of the peer", "peer / Lockstep");
        rows(
                report,
                "first build",
                new Rounds()
                        .with("Lockstep", this::next, this::lockstepProcess)
                        .with("jib-maven-plugin", this::forgetJib, () -> jibMaven("jib-maven" + fresh, ""))
                        .with("buildah", this::next, () -> buildah("buildah" + fresh, "--no-cache"))
                        .seconds(1, PROCESS_ROUNDS));
        rows(report, "same commit again", processRounds(() -> {}));
        rows(report, "one class", processRounds(() -> application.change(Change.CLASS)));
        rows(report, "one resource", processRounds(() -> application.change(Change.RESOURCE)));
        int[] round = {0};
        rows(
                report,
                "one dependency",
                new Rounds()
                        .with("Lockstep", () -> application.change(Change.DEPENDENCY), this::lockstepProcess)
                        .with(
                                "jib-maven-plugin",
                                () -> jibMaven("jib-maven-dependency" + ++round[0], ""),
                                () -> jibMaven("jib-maven-dependency" + round[0], "-Dpostgresql.version=42.7.3"))
                        .with("buildah", () -> application.change(Change.DEPENDENCY), () -> buildah("buildah", ""))
                        .seconds(1, PROCESS_ROUNDS));
    }

    private Map<String, List<Double>> processRounds(Rounds.Work before) throws Exception {
        return new Rounds()
                .with("Lockstep", before, this::lockstepProcess)
                .with("jib-maven-plugin", before, () -> jibMaven("jib-maven", ""))
                .with("buildah", before, () -> buildah("buildah", ""))
                .seconds(1, PROCESS_ROUNDS);
    }

    /** As a node of the test bed pulls and unpacks, by its own containerd; what it has of other images is removed before. */
    private void pulls(Report report) throws Exception {
        next();
        jibMaven("pulled", "");
        jibMaven("pulled-next", "-Dpostgresql.version=42.7.3");
        String jib = repository + "/pulled:1";
        String jibNext = repository + "/pulled-next:1";
        String ours = built();
        application.change(Change.DEPENDENCY);
        String oursNext = built();
        report.line("");
        report.line("Pull and unpack by a node's containerd, seconds:");
        report.header("what", "Lockstep", "peer", "seconds of the peer", "peer / Lockstep");
        rows(
                report,
                "first pull",
                new Rounds()
                        .with("Lockstep", this::removeImages, () -> pull(ours))
                        .with("jib-maven-plugin", this::removeImages, () -> pull(jib))
                        .seconds(1, PROCESS_ROUNDS));
        rows(
                report,
                "one dependency later",
                new Rounds()
                        .with("Lockstep", () -> pullAlone(ours), () -> pull(oursNext))
                        .with("jib-maven-plugin", () -> pullAlone(jib), () -> pull(jibNext))
                        .seconds(1, PROCESS_ROUNDS));
        removeImages();
    }

    private String built() throws InterruptedException {
        return delivery()
                .build(location(), REGISTRY, Progress.NONE)
                .images()
                .get(0)
                .stored()
                .reference()
                .withDigest(null)
                .toString();
    }

    private void pullAlone(String image) throws IOException, InterruptedException {
        removeImages();
        pull(image);
    }

    private void pull(String image) throws IOException, InterruptedException {
        containerd("images", "pull", "--plain-http", image);
    }

    private void removeImages() throws IOException, InterruptedException {
        for (String image : containerd("images", "list", "--quiet").lines().toList()) {
            containerd("images", "remove", "--sync", image);
        }
    }

    /** Asks the test bed's containerd, whose directories only it sees. */
    private String containerd(String... words) throws IOException, InterruptedException {
        String process = new Command(work, "pgrep", "--exact", "--newest", "containerd")
                .run()
                .strip();
        List<String> all = new ArrayList<>(
                List.of("nsenter", "--mount", "--target", process, "--", "ctr", "--namespace", "lockstep-bench"));
        all.addAll(List.of(words));
        return new Command(work, all.toArray(String[]::new)).run();
    }

    private void warm(Report report) throws Exception {
        report.line("");
        report.line("Inside a running JVM, seconds; Lockstep's include Git and the project file:");
        report.header("what", "Lockstep", "peer", "seconds of the peer", "peer / Lockstep");
        next();
        Delivery knowing = delivery();
        var again = new Rounds()
                .with("Lockstep", () -> build(delivery()))
                .with("jib-core", this::jibCore)
                .with("Lockstep, known", () -> build(knowing))
                .seconds(WARM_UPS, WARM_ROUNDS);
        report.comparison("same commit again", again.get("Lockstep"), "jib-core", again.get("jib-core"));
        report.comparison(
                "same commit again, known to the process",
                again.get("Lockstep, known"),
                "jib-core",
                again.get("jib-core"));
        for (Change change : Change.values()) {
            rows(
                    report,
                    "one " + change.name().toLowerCase(Locale.ROOT),
                    new Rounds()
                            .with("Lockstep", () -> application.change(change), () -> build(delivery()))
                            .with("jib-core", () -> application.change(change), this::jibCore)
                            .seconds(CHANGE_WARM_UPS, WARM_ROUNDS));
        }
    }

    /** Once more through a tunnel that counts; these are exact. */
    private void counts(Report report) throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            use(registry.name());
            report.line("");
            report.line("Requests, and KB that go to the registry, headers and tries to speak TLS included:");
            report.header("what", "Lockstep", "jib-core", "jib-maven-plugin", "buildah");
            count(report, registry, "first build", () -> {});
            count(report, registry, "same commit again", () -> {});
            for (Change change : Change.values()) {
                count(
                        report,
                        registry,
                        "one " + change.name().toLowerCase(Locale.ROOT),
                        () -> application.change(change));
            }
        }
    }

    private void count(Report report, WatchedRegistry registry, String what, Rounds.Work before) throws Exception {
        before.run();
        String other = what.equals("one dependency") ? "-Dpostgresql.version=42.7.3" : "";
        report.row(
                what,
                count(registry, () -> build(delivery())),
                count(registry, this::jibCore),
                count(registry, () -> jibMaven("jib-maven", other)),
                count(registry, () -> buildah("buildah", "")));
    }

    private static String count(WatchedRegistry registry, Rounds.Work work) throws Exception {
        registry.forget();
        work.run();
        return registry.requests().size() + ", " + registry.bytesUp() / 1000 + " KB";
    }

    private static void rows(Report report, String what, Map<String, List<Double>> seconds) {
        List<Double> lockstep = seconds.get("Lockstep");
        seconds.forEach((name, peers) -> {
            if (!name.equals("Lockstep")) {
                report.comparison(what, lockstep, name, peers);
            }
        });
    }

    private void lockstepProcess() throws IOException, InterruptedException {
        new Command(application.root, home.resolve("lockstep").toString(), "build")
                .with("HOME", work.resolve("home").toString())
                .run();
    }

    private void build(Delivery delivery) throws InterruptedException {
        delivery.build(location(), REGISTRY, Progress.NONE);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", work.resolve("home").toString())).delivery();
    }

    private ProjectLocation location() {
        return new ProjectLocation(application.root, Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    private void forgetJib() throws IOException, InterruptedException {
        next();
        BuildApplication.delete(application.root.resolve("target/jib-cache"));
    }

    private void jibMaven(String image, String option) throws IOException, InterruptedException {
        new Command(
                        application.root,
                        "mvn",
                        "-B",
                        "-q",
                        "jib:build",
                        "-Djib.from.image=" + base,
                        "-Djib.to.image=" + repository + "/" + image + ":1",
                        option.isEmpty() ? "-Dnothing" : option)
                .run();
    }

    private void buildah(String image, String option) throws IOException, InterruptedException {
        Path file = application.exploded.resolve("Dockerfile");
        Files.writeString(
                file,
                "FROM " + base + "\nCOPY lib /app/lib\nCOPY classes /app/classes\n"
                        + "ENTRYPOINT [\"java\",\"-cp\",\"/app/classes:/app/lib/*\",\"com.example.shop.Shop\"]\n");
        String buildah = "buildah --storage-driver overlay --root " + work.resolve("containers") + " --runroot "
                + work.resolve("containers-run") + " ";
        new Command(
                        application.exploded,
                        "sh",
                        "-ec",
                        buildah + "bud -q --tls-verify=false --layers " + option + " -t bench/shop:1 .; " + buildah
                                + "push -q --tls-verify=false bench/shop:1 docker://" + repository + "/" + image + ":1")
                .run();
    }

    /** What jib-maven-plugin does in a project of one module, without Maven. */
    private void jibCore() throws Exception {
        Jib.from(RegistryImage.named(base))
                .setFileEntriesLayers(List.of(
                        layer("dependencies", application.exploded.resolve("lib"), "/app/libs"),
                        layer(
                                "resources",
                                application.exploded.resolve("classes/application.properties"),
                                "/app/resources/application.properties"),
                        layer("classes", application.exploded.resolve("classes/com"), "/app/classes/com")))
                .setEntrypoint("java", "-cp", "/app/resources:/app/classes:/app/libs/*", "com.example.shop.Shop")
                .containerize(Containerizer.to(RegistryImage.named(repository + "/jib-core:1"))
                        .setAllowInsecureRegistries(true)
                        .setBaseImageLayersCache(work.resolve("jib-base"))
                        .setApplicationLayersCache(work.resolve("jib-application")));
    }

    private static FileEntriesLayer layer(String name, Path from, String to) throws IOException {
        return FileEntriesLayer.builder()
                .setName(name)
                .addEntryRecursive(from, AbsoluteUnixPath.get(to))
                .build();
    }

    private void installBuildah() throws IOException, InterruptedException {
        new Command(
                        work,
                        "sh",
                        "-ec",
                        "command -v buildah >/dev/null || { apt-get -qq update;"
                                + " apt-get -qq install -y --no-install-recommends buildah; }")
                .run();
    }
}
