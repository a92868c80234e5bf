package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.kube.BareRequests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.Protocol;

/** How soon it is told that a rollout is done, or that it can't be: by a watch that shares nothing with the engine. */
final class VerdictTopic implements Topic {

    private static final int ROUNDS = 5;
    private static final int FAILURES = 3;

    /** A verdict, and the moment that the API showed what it is about. */
    private record Failure(String cause, String container, Map<String, String> graces, PodSeen.Condition condition) {}

    private static final List<Failure> CAUSES = List.of(
            new Failure(
                    "a process ends with code 7, for the third time",
                    "image: lockstep\n          command: [/bin/busybox, sh, -c, 'exit 7']",
                    Map.of(),
                    seen -> seen.exits() >= 3),
            new Failure(
                    "a command is not there, for the second time",
                    "image: lockstep\n          command: [/nowhere]",
                    Map.of(),
                    seen -> seen.exits() >= 2),
            new Failure(
                    "an image is not there, for the second time",
                    "image: " + TestBed.registry() + "/bench/nowhere:1",
                    Map.of(),
                    seen -> seen.failedPulls() >= 2),
            new Failure(
                    "no node takes the pod, with a grace of 0 s",
                    "image: lockstep\n          resources: { requests: { cpu: '900' } }",
                    Map.of("scheduling", "0s"),
                    seen -> seen.times("Unschedulable") >= 1));

    @Override
    public String name() {
        return "verdict";
    }

    @Override
    public void measure(Report report) throws Exception {
        Path directory = Files.createTempDirectory("lockstep-bench-verdict");
        report.heading("Verdict latency");
        try (var api = new BareRequests(Protocol.HTTP_1_1)) {
            ready(report, api, directory);
            causes(report, api, directory);
        }
    }

    private static void ready(Report report, BareRequests api, Path directory) throws Exception {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        try (var jvm = BenchNamespace.withServiceAccount(api);
                var process = BenchNamespace.withServiceAccount(api);
                var kubectl = BenchNamespace.withServiceAccount(api)) {
            var ours = VerdictProject.make(directory.resolve("jvm"), "image: lockstep");
            var command = VerdictProject.make(directory.resolve("process"), "image: lockstep");
            var theirs = VerdictProject.make(directory.resolve("kubectl"), "image: " + TestBed.base());
            for (int round = 0; round <= ROUNDS; round++) {
                int revision = round;
                var turns = new ArrayList<>(List.<Map.Entry<String, Rounds.Work>>of(
                        Map.entry("lockstep deploy, in a JVM", () -> ours.deploy(jvm.name(), Map.of())),
                        Map.entry("lockstep deploy, a process", () -> command.command(process.name())
                                .run()),
                        Map.entry("kubectl apply, rollout status", () -> theirs.kubectl(kubectl.name()))));
                List<VerdictProject> projects = List.of(ours, command, theirs);
                List<BenchNamespace> places = List.of(jvm, process, kubectl);
                for (int turn = 0; turn < turns.size(); turn++) {
                    int who = (turn + round) % turns.size();
                    projects.get(who).commit(revision);
                    try (var seen = new PodSeen(places.get(who).name(), "r" + revision, PodSeen::isReady)) {
                        turns.get(who).getValue().run();
                        double late = seen.secondsSince(System.nanoTime());
                        if (round > 0) {
                            seconds.computeIfAbsent(turns.get(who).getKey(), unseen -> new ArrayList<>())
                                    .add(late);
                        }
                    }
                }
            }
        }
        report.header("from the pod's Ready to the return of", "seconds");
        seconds.forEach((who, times) -> report.row(who, Spread.of(times).text("%.3f")));
    }

    /** All causes at once, each in a namespace of its own: their pods do nothing. */
    private static void causes(Report report, BareRequests api, Path directory) throws Exception {
        Map<String, List<Double>> seconds = Collections.synchronizedMap(new LinkedHashMap<>());
        CAUSES.forEach(failure -> seconds.put(failure.cause(), Collections.synchronizedList(new ArrayList<>())));
        Map<String, Verdict.Code> codes = Collections.synchronizedMap(new LinkedHashMap<>());
        var threads = Executors.newFixedThreadPool(CAUSES.size());
        try {
            for (int round = 0; round < FAILURES; round++) {
                List<Future<?>> running = new ArrayList<>();
                for (Failure failure : CAUSES) {
                    Path place = directory.resolve("cause-" + CAUSES.indexOf(failure) + "-" + round);
                    running.add(threads.submit(() -> {
                        cause(api, place, failure, seconds, codes);
                        return null;
                    }));
                }
                for (Future<?> one : running) {
                    one.get();
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : e;
        } finally {
            threads.shutdownNow();
        }
        report.header("from what the API shows", "to the verdict", "seconds");
        seconds.forEach((cause, times) -> report.row(
                cause, String.valueOf(codes.get(cause)), Spread.of(times).text("%.3f")));
    }

    private static void cause(
            BareRequests api,
            Path place,
            Failure failure,
            Map<String, List<Double>> seconds,
            Map<String, Verdict.Code> codes)
            throws Exception {
        var project = VerdictProject.make(place, failure.container());
        project.commit(0);
        try (var namespace = BenchNamespace.withServiceAccount(api);
                var seen = new PodSeen(namespace.name(), "r0", failure.condition())) {
            Verdict verdict = project.deploy(namespace.name(), failure.graces()).verdict();
            seconds.get(failure.cause()).add(seen.secondsSince(System.nanoTime()));
            codes.put(failure.cause(), verdict.code());
        }
    }
}
