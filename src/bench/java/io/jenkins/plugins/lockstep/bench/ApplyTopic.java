package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.kube.BareRequests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Protocol;

/** Plan and apply: many objects, for the first time and where nothing changed. */
final class ApplyTopic implements Topic {

    private static final String JVM = "lockstep, in a JVM";
    private static final String PROCESS = "lockstep, a process";
    private static final String KUBECTL = "kubectl, a process";
    private static final String WAITING = "kubectl apply, then wait";
    private static final String BARE = "bare PATCHes, in a JVM";

    /** Where the API server's own CPU is full on the 2 cores of the test bed. */
    private static final int PARALLEL = 16;

    private static final int ROUNDS = 5;

    /** So that the just-in-time compiler has seen everything, as in a controller that has run for a while. */
    private static final int WARM_UPS = 50;

    /** Of first deploys, which take longer. */
    private static final int FIRST_WARM_UPS = 8;

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public void measure(Report report) throws Exception {
        Path directory = Files.createTempDirectory("lockstep-bench-apply");
        report.heading("Plan and apply");
        report.line("Peer: " + ApplyProject.kubectl() + ", "
                + new Command(directory, ApplyProject.kubectl(), "version", "--client")
                        .run()
                        .strip());
        for (int count : List.of(10, 100, 1_000)) {
            measure(
                    report,
                    ApplyProject.ofConfigMaps(directory.resolve("maps-" + count), count),
                    count + " ConfigMaps");
        }
        measure(report, ApplyProject.mixed(directory.resolve("mixed")), "50 Deployments, Services, ConfigMaps");
    }

    private static void measure(Report report, ApplyProject project, String what) throws Exception {
        try (var api = new BareRequests(Protocol.HTTP_1_1);
                var jvm = BenchNamespace.make(api);
                var process = BenchNamespace.make(api);
                var kubectl = BenchNamespace.make(api);
                var waiting = BenchNamespace.make(api);
                var bare = BenchNamespace.make(api)) {
            Map<String, String> patches = project.patches(bare.name());
            var rounds = new Rounds()
                    .with(JVM, jvm::empty, () -> project.deploy(jvm.name()))
                    .with(PROCESS, process::empty, () -> project.command(process.name())
                            .run())
                    .with(KUBECTL, kubectl::empty, () -> project.kubectl(kubectl.name())
                            .run())
                    .with(BARE, bare::empty, () -> api.applyAll(patches, PARALLEL));
            if (project.hasWorkloads()) {
                // A deploy waits for the controllers of its workloads, and kubectl apply does not.
                rounds.with(WAITING, waiting::empty, () -> project.kubectlAndWait(waiting.name()));
            }
            for (int i = 0; i < FIRST_WARM_UPS; i++) {
                jvm.empty();
                project.deploy(jvm.name());
                bare.empty();
                api.applyAll(patches, PARALLEL);
            }
            Map<String, List<Double>> first = rounds.seconds(1, ROUNDS);
            for (int i = 0; i < WARM_UPS; i++) {
                project.deploy(jvm.name());
            }
            Map<String, List<Double>> unchanged = new Rounds()
                    .with(JVM, () -> project.deploy(jvm.name()))
                    .with(PROCESS, () -> project.command(process.name()).run())
                    .with(KUBECTL, () -> project.kubectl(kubectl.name()).run())
                    .seconds(1, ROUNDS);
            report.line("");
            report.line("### " + what);
            report.header("", "seconds", "objects/s", "kubectl / this");
            table(report, "first time: ", first, project.size());
            table(report, "nothing changed: ", unchanged, project.size());
        }
    }

    private static void table(Report report, String what, Map<String, List<Double>> seconds, int objects) {
        seconds.forEach((who, times) -> report.row(
                what + who,
                Spread.of(times).text("%.3f"),
                String.format(Locale.ROOT, "%.0f", objects / Spread.of(times).median()),
                Spread.ofRatios(seconds.get(KUBECTL), times).text("%.2f")));
    }

    static List<?> items(String json) {
        return Tree.list(Json.read(json), "items");
    }

    static String name(Object object) {
        return Tree.text(object, "metadata", "name");
    }
}
