package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user runs it, and as the world ends it: whole processes, real signals. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledDeployIT {

    private static final Path JAR = Path.of("target/lockstep-cli.jar").toAbsolutePath();
    private static final String BUILD = "https://ci.example.com/job/cart/7/";
    private static final String NEVER_READY =
            SampleProject.deployment(1).replace("httpGet: { path: /,", "httpGet: { path: /missing,");

    @TempDir
    Path temporary;

    private final Map<String, String> variables = new HashMap<>();
    private int runs;

    @Test
    @ClusterTest(pods = true)
    @EnabledOnOs(value = OS.LINUX, disabledReason = "need the signals of Linux")
    void aDeployThatWasKilledIsToldAsCrashedAndItsSuccessorFinishes() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            SampleProject project = neverReady(namespace);
            project.repository()
                    .write(
                            "deploy/extra.yaml",
                            "{ apiVersion: v1, kind: ConfigMap, metadata: { name: extra }, data: { a: b } }\n")
                    .commit("what only this revision has");
            Run killed = releaseInTheMiddle(project, namespace);

            killed.process().destroyForcibly();

            assertThat(killed.exitCode()).isEqualTo(128 + 9);
            assertThat(verdicts(project, namespace)).containsExactly("has not ended");
            assertThat(namespace.find("v1", "ConfigMap", "extra")).isPresent();
            project.repository()
                    .write("deploy/cart.yaml", SampleProject.deployment(1))
                    .delete("deploy/extra.yaml")
                    .commit("the right probe");
            Run next = lockstep(project, namespace, "release", "staging");
            assertThat(next.exitCode()).as("%s", next).isZero();
            assertThat(next.text()).contains("never ended: recorded as crashed");
            assertThat(verdicts(project, namespace)).containsExactly("running", "crashed");
            assertThat(namespace.find("v1", "ConfigMap", "extra")).isEmpty();
            Run words = lockstep(project, namespace, "history", "staging");
            assertThat(words.text()).contains("running", "crashed");
            var delivery = new DeliveryFactory(Map.of("HOME", temporary.toString())).delivery();
            assertThat(StoryNamespace.answers(delivery.status(project.location(), "staging", namespace.target())))
                    .containsExactly("first page\nfirst testers\n");
        }
    }

    @Test
    @ClusterTest(pods = true)
    void aDeployThatWasKilledWhileItWaitedIsWaitedForAndJudged() throws Exception {
        variables.putAll(Map.of("BUILD_URL", BUILD, "LOCKSTEP_LEASE_SECONDS", "4"));
        try (StoryNamespace namespace = StoryNamespace.make()) {
            SampleProject project =
                    SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
            project.repository()
                    .write(
                            "deploy/cart.yaml",
                            SampleProject.deployment(1).replace("periodSeconds: 1", "initialDelaySeconds: 8"))
                    .commit("slow to get ready");
            killedWhileItWaits(project, namespace);

            DeployResult ready = resume(project, namespace, 1);

            assertThat(ready.verdict().code()).as("%s", ready.verdict()).isEqualTo(Verdict.Code.RUNNING);
            assertThat(ready.release().number()).isEqualTo(1);
            project.repository().write("deploy/cart.yaml", NEVER_READY).commit("mistyped probe");
            killedWhileItWaits(project, namespace);

            DeployResult undone = resume(project, namespace, null);

            assertThat(undone.verdict().code()).as("%s", undone.verdict()).isEqualTo(Verdict.Code.NOT_READY);
            assertThat(undone.release().number()).isEqualTo(2);
            assertThat(undone.restored()).isEqualTo(ready.release());
            assertThat(undone.problem()).contains(Problem.ROLLOUT_FAILED);
            assertThat(verdicts(project, namespace)).containsExactly("not-ready", "running");
            assertThat(StoryNamespace.answers(delivery().status(project.location(), "staging", namespace.target())))
                    .containsExactly("first page\nfirst testers\n");
        }
    }

    private void killedWhileItWaits(SampleProject project, StoryNamespace namespace) throws Exception {
        Run run = start(project.repository().root(), arguments(namespace, "release", "staging"));
        while (!run.text().contains("pod ready")) {
            assertThat(run.process().isAlive()).as("%s", run).isTrue();
            Thread.sleep(100);
        }
        run.process().destroyForcibly();
        run.exitCode();
        assertThat(verdicts(project, namespace)).startsWith("has not ended");
    }

    /** Pods that are not ready in so short a time never are. */
    private DeployResult resume(SampleProject project, StoryNamespace namespace, Integer number)
            throws InterruptedException {
        var settings =
                new RolloutSettings(Duration.ofSeconds(30), Duration.ofMinutes(1), true, false, false, Overrides.NONE);
        return delivery()
                .resume(
                        new ResumeRequest(
                                project.location(),
                                "staging",
                                namespace.target(),
                                settings,
                                new Actor("jane", BUILD),
                                number),
                        Progress.NONE)
                .orElseThrow();
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.toString(), "LOCKSTEP_LEASE_SECONDS", "4")).delivery();
    }

    @Test
    @ClusterTest(pods = true)
    @EnabledOnOs(value = OS.LINUX, disabledReason = "need the signals of Linux")
    void controlCIsAnOutcome() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            SampleProject project = neverReady(namespace);
            Run interrupted = releaseInTheMiddle(project, namespace);

            new ProcessBuilder(
                            "kill", "-INT", String.valueOf(interrupted.process().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();

            assertThat(interrupted.exitCode()).as("%s", interrupted).isEqualTo(130);
            assertThat(interrupted.text()).contains("interrupted").doesNotContain("Exception", "\tat ");
            assertThat(verdicts(project, namespace)).containsExactly("interrupted");
        }
    }

    @Test
    @ClusterTest(pods = true)
    void theDemoTellsItsStoryOnACluster() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            Run demo = run(
                    temporary,
                    "demo",
                    "--kubeconfig",
                    TestBed.kubeconfig().toString(),
                    "--registry",
                    TestBed.registry(),
                    "--base",
                    TestBed.base(),
                    "--namespace",
                    namespace.name());

            assertThat(demo.exitCode()).as("%s", demo).isZero();
            List<String> answers = demo.text()
                    .lines()
                    .filter(line -> line.startsWith("GET http://"))
                    .map(line -> line.substring(line.indexOf(" -> ") + 4))
                    .distinct()
                    .toList();
            assertThat(answers).hasSize(2).noneMatch(answer -> answer.contains("not reachable"));
            assertThat(demo.text())
                    .contains("crash-loop", "no such table: greetings", "release 2 is back", "rollback to #1");
        }
    }

    @Test
    void theDemoNeedsNothingButGit() throws Exception {
        Run demo = run(temporary, "demo");

        assertThat(demo.exitCode()).as("%s", demo).isZero();
        assertThat(demo.text()).contains("written: the Deployment's image is", "audiense.txt", "rollback to #1");
    }

    private SampleProject neverReady(StoryNamespace namespace) {
        SampleProject project =
                SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        project.repository().write("deploy/cart.yaml", NEVER_READY).commit("mistyped probe");
        return project;
    }

    /** Starts a release and returns when its pods run and it waits for them. */
    private Run releaseInTheMiddle(SampleProject project, StoryNamespace namespace)
            throws IOException, InterruptedException {
        Run release = start(project.repository().root(), arguments(namespace, "release", "staging"));
        while (!release.text().contains("0 of 1 pod ready")) {
            assertThat(release.process().isAlive()).as("%s", release).isTrue();
            Thread.sleep(100);
        }
        assertThat(verdicts(project, namespace)).containsExactly("has not ended");
        return release;
    }

    private List<String> verdicts(SampleProject project, StoryNamespace namespace)
            throws IOException, InterruptedException {
        Run history = lockstep(project, namespace, "history", "staging", "--json");
        assertThat(history.exitCode()).as("%s", history).isZero();
        var verdicts = new ArrayList<String>();
        for (Object release : Tree.list(Json.read(Files.readString(history.out())), "releases")) {
            String code = Tree.text(release, "verdict", "code");
            verdicts.add(code.isEmpty() ? "has not ended" : code);
        }
        return verdicts;
    }

    private Run lockstep(SampleProject project, StoryNamespace namespace, String... command)
            throws IOException, InterruptedException {
        return run(project.repository().root(), arguments(namespace, command));
    }

    private static String[] arguments(StoryNamespace namespace, String... command) {
        var arguments = new ArrayList<>(Arrays.asList(command));
        arguments.addAll(List.of("--kubeconfig", TestBed.kubeconfig().toString(), "--namespace", namespace.name()));
        return arguments.toArray(String[]::new);
    }

    private Run run(Path directory, String... arguments) throws IOException, InterruptedException {
        Run run = start(directory, arguments);
        run.exitCode();
        return run;
    }

    private Run start(Path directory, String... arguments) throws IOException {
        runs++;
        Path out = temporary.resolve("out-" + runs);
        Path err = temporary.resolve("err-" + runs);
        var command = new ArrayList<String>();
        if (OS.LINUX.isCurrentOs()) {
            // A shell that runs a build in the background makes it, and all below it, ignore Ctrl-C.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LOCKSTEP_") || name.equals("KUBECONFIG"));
        builder.environment().put("HOME", temporary.resolve("home").toString());
        builder.environment().putAll(variables);
        return new Run(builder.start(), out, err);
    }

    /** A process, and the files that it writes to. */
    private record Run(Process process, Path out, Path err) {

        int exitCode() throws InterruptedException {
            return process.waitFor();
        }

        String text() throws IOException {
            return Files.readString(out) + Files.readString(err);
        }

        @Override
        public String toString() {
            try {
                return process.info() + "\n" + text();
            } catch (IOException e) {
                return process.info() + ", whose output can't be read: " + e;
            }
        }
    }
}
