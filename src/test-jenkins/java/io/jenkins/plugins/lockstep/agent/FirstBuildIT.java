package io.jenkins.plugins.lockstep.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.remoting.Channel;
import hudson.slaves.DumbSlave;
import hudson.slaves.RetentionStrategy;
import io.jenkins.plugins.lockstep.agent.Traffic.Count;
import io.jenkins.plugins.lockstep.jenkins.step.TestNamespace;
import java.io.File;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jenkinsci.plugins.workflow.actions.TimingAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.nodes.StepAtomNode;
import org.jenkinsci.plugins.workflow.graph.FlowGraphWalker;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.SimpleCommandLauncher;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * What a first operation costs on an agent that is new: a real controller with the packaged plugin, a real agent process
 * without any cache, a real registry. Needs {@code target-jenkins/target/lockstep.hpi} and the test bed.
 *
 * <ul>
 *   <li>{@code -Dlockstep.agent=write} writes the lists of the classes that are sent at once;
 *   <li>{@code -Dlockstep.bench=agent} prints the table of {@code docs/performance.md}.
 * </ul>
 */
@EnabledOnOs(OS.LINUX)
class FirstBuildIT {

    private static final Path HPI = Path.of("target-jenkins/target/lockstep.hpi");
    private static final Path LISTS = Path.of("src/main/resources/io/jenkins/plugins/lockstep/jenkins/run");
    private static final String OFF = "io.jenkins.plugins.lockstep.jenkins.run.AgentCode.off";
    private static final String REGISTRY = System.getenv("LOCKSTEP_TEST_REGISTRY");
    private static final String KUBECONFIG = System.getenv("LOCKSTEP_TEST_KUBECONFIG");

    @RegisterExtension
    private final RealJenkinsExtension controller =
            new RealJenkinsExtension().prepareHomeLazily(true).omitPlugins("lockstep");

    @TempDir
    Path directory;

    private Packaged packaged;

    /**
     * @param home the agent's home, where its cache of jars is too
     * @param delay milliseconds to the agent, and as many back
     * @param sent whether classes are sent at once
     * @param log where the agent's JVM says which classes it loads
     */
    private record Agent(String name, String home, int delay, boolean sent, String log) implements Serializable {}

    /**
     * @param began when the first step of this plugin began, in milliseconds since 1970
     * @param seconds how long it took
     */
    private record Cost(Count count, long began, double seconds) implements Serializable {}

    @BeforeEach
    void install() throws Exception {
        assumeTrue(
                REGISTRY != null && KUBECONFIG != null,
                "SKIPPED: no test bed: src/testbed/testbed run -- ./mvnw -f pom-jenkins.xml verify");
        packaged = Packaged.read(HPI);
        Path copy = Path.of(FirstBuildIT.class.getResource("/").toURI()).resolve("packaged/lockstep.hpi");
        Files.createDirectories(copy.getParent());
        Files.copy(HPI, copy, StandardCopyOption.REPLACE_EXISTING);
        controller.addPlugins("packaged/lockstep.hpi");
        controller.startJenkins();
    }

    @Test
    void whatAFirstBuildNeedsGoesToTheAgentAtOnce() throws Throwable {
        var projects = new Project(directory, REGISTRY);
        Agent agent = connect("new", 0, true);

        // The second one waits for what the first one has begun to send.
        Count first = cost(agent, both(projects)).count();
        assertThat(first.preloads()).isEqualTo(1);
        // Jenkins looks at an agent's disks and memory when it likes, now or later.
        long monitors = first.names().stream()
                .filter(name -> name.contains(" hudson.node_monitors.") || name.contains(" org.jvnet."))
                .count();
        assertThat(first.roundTrips() - monitors).as("%s", first.names()).isLessThanOrEqualTo(80);
        assertThat(packaged.asked(first))
                .as("not in the list: -Dlockstep.agent=write")
                .hasSizeLessThanOrEqualTo(10);
        assertThat(first.jars().keySet())
                .as("for %s", packaged.asked(first))
                .doesNotContainAnyElementsOf(packaged.jars());
        assertThat(first.sent() - first.jarBytes()).isLessThan(7_000_000);
        assertThat(packaged.loaded(Path.of(agent.log())))
                .noneMatch(entry -> entry.startsWith("io/kubernetes/")
                        || entry.startsWith("okhttp3/")
                        || entry.startsWith("kotlin/")
                        || entry.startsWith("io/jenkins/plugins/lockstep/jenkins/page/")
                        || entry.startsWith("io/jenkins/plugins/lockstep/jenkins/step/"));
        assertThat(first.names()).doesNotContain("fetch3 hudson.model.Run");

        Count second = cost(agent, build(projects.layers())).count();
        assertThat(second.names()).isEmpty();
        assertThat(second.preloads()).isZero();
        assertThat(second.sent()).isLessThan(200_000);

        try (var namespace = new TestNamespace()) {
            Count deployed =
                    cost(agent, deploy(projects.layers(), namespace.name())).count();
            assertThat(deployed.preloads()).as("the classes for clusters alone").isEqualTo(1);
            assertThat(packaged.asked(deployed))
                    .as("not in the list: -Dlockstep.agent=write")
                    .hasSizeLessThanOrEqualTo(15);
            assertThat(deployed.jars().keySet())
                    .as("for %s", packaged.asked(deployed))
                    .doesNotContainAnyElementsOf(packaged.jars());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "lockstep.agent", matches = "write")
    void listsAreWritten() throws Throwable {
        var projects = new Project(directory, REGISTRY);
        Agent agent = connect("list", 0, false);
        Path layers = projects.layers();
        String builds = both(projects)
                + build(layers)
                + build(layers)
                + build(projects.mercurial())
                + build(projects.springBoot())
                + build(projects.thinJar())
                + "dir('%s') { lockstepBuild target: 'dir:%s' }\n".formatted(layers, directory.resolve("target"));
        Count images = cost(agent, builds).count();
        var imageEntries = packaged.loaded(Path.of(agent.log()));
        imageEntries.addAll(packaged.asked(images));
        imageEntries.addAll(packaged.besides(imageEntries));
        try (var namespace = new TestNamespace()) {
            Count clusters = cost(agent, deploy(layers, namespace.name())).count();
            var clusterEntries = packaged.loaded(Path.of(agent.log()));
            clusterEntries.addAll(packaged.asked(clusters));
            clusterEntries.addAll(packaged.besides(clusterEntries));
            clusterEntries.removeAll(imageEntries);
            write("agent-images.txt", imageEntries);
            write("agent-clusters.txt", clusterEntries);
        }
    }

    private static void write(String list, Iterable<String> entries) throws Exception {
        var lines = new TreeSet<String>();
        entries.forEach(lines::add);
        // Service files are looked for in all of a class loader, so having one here spares nothing.
        lines.removeIf(entry -> entry.startsWith("META-INF/"));
        Files.write(LISTS.resolve(list), lines);
    }

    @Test
    @EnabledIfSystemProperty(named = "lockstep.bench", matches = "agent")
    void tableIsPrinted() throws Throwable {
        int rounds = Integer.getInteger("lockstep.bench.rounds", 3);
        System.out.println(
                "| each way | classes | cache of jars | round trips | sent | jars | first byte pushed after | step |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        try (var uploads = new Uploads(REGISTRY)) {
            for (int delay : new int[] {0, 10}) {
                var rows = new ArrayList<List<String>>();
                var times = new ArrayList<List<Double>>();
                for (int round = 0; round < rounds; round++) {
                    int row = 0;
                    for (boolean sent : new boolean[] {false, true}) {
                        String home = delay + "-" + sent + "-" + round;
                        for (String cache : List.of("empty", "filled")) {
                            Agent agent = connect(home, delay, sent);
                            Path project = new Project(directory, uploads.name()).layers();
                            uploads.forget();
                            Cost cost = cost(agent, build(project));
                            Count count = cost.count();
                            if (round == 0) {
                                rows.add(List.of(
                                        delay + " ms",
                                        sent ? "sent at once" : "asked for",
                                        cache,
                                        String.valueOf(count.roundTrips()),
                                        "%.1f MB".formatted(count.sent() / 1e6),
                                        "%d, %.1f MB".formatted(count.jars().size(), count.jarBytes() / 1e6)));
                                times.add(new ArrayList<>());
                                times.add(new ArrayList<>());
                            }
                            times.get(2 * row).add((uploads.first() - cost.began()) / 1000.0);
                            times.get(2 * row++ + 1).add(cost.seconds());
                        }
                    }
                }
                for (int row = 0; row < rows.size(); row++) {
                    System.out.println("| " + String.join(" | ", rows.get(row)) + " | " + spread(times.get(2 * row))
                            + " | " + spread(times.get(2 * row + 1)) + " |");
                }
            }
        }
    }

    private static String spread(List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        return "%.1f s (%.1f-%.1f)"
                .formatted(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static String build(Path project) {
        return "dir('" + project + "') { lockstepBuild() }\n";
    }

    /** Two at the same time. */
    private static String both(Project projects) throws Exception {
        return "parallel a: { %s }, b: { %s }\n".formatted(build(projects.layers()), build(projects.layers()));
    }

    private static String deploy(Path project, String namespace) {
        return """
                withEnv(['KUBECONFIG=%s']) { dir('%s') {
                  def at = [environment: 'staging', namespace: '%s']
                  lockstepBuild()
                  lockstepPlan(at)
                  lockstepDeploy(at)
                  lockstepVerify(at)
                  lockstepHistory(at)
                  lockstepStatus namespace: at.namespace
                } }
                """
                .formatted(KUBECONFIG, project, namespace);
    }

    private Agent connect(String home, int delay, boolean sent) throws Throwable {
        Path place = Files.createDirectories(directory.resolve("home-" + home));
        String name = "agent" + System.nanoTime();
        var agent = new Agent(
                name,
                place.toString(),
                delay,
                sent,
                place.resolve(name + ".log").toString());
        controller.runRemotely((RealJenkinsExtension.Step) rule -> start(rule, agent));
        return agent;
    }

    private Cost cost(Agent agent, String steps) throws Throwable {
        return controller.runRemotely((RealJenkinsExtension.Step2<Cost>) rule -> measure(rule, agent, steps));
    }

    /** Measures steps alone: what Pipelines need on any agent is there before. */
    private static Cost measure(JenkinsRule rule, Agent agent, String steps) throws Throwable {
        System.setProperty(OFF, String.valueOf(!agent.sent()));
        run(rule, agent, "sh 'true'; writeFile file: 'x.txt', text: '1'; dir('x') { echo pwd() }");
        var traffic = new Traffic();
        var channel = (Channel) rule.jenkins.getNode(agent.name()).toComputer().getChannel();
        channel.addListener(traffic);
        traffic.awaitQuiet();
        traffic.forget();
        WorkflowRun run = run(rule, agent, steps);
        Count count = traffic.count();
        channel.removeListener(traffic);
        // The walker goes from the end to the beginning.
        long began = 0;
        long ended = 0;
        long next = 0;
        for (FlowNode each : new FlowGraphWalker(run.getExecution())) {
            if (each instanceof StepAtomNode step
                    && step.getDescriptor().getFunctionName().equals("lockstepBuild")) {
                began = TimingAction.getStartTime(each);
                ended = next;
            }
            next = TimingAction.getStartTime(each);
        }
        return new Cost(count, began, (ended - began) / 1000.0);
    }

    private static WorkflowRun run(JenkinsRule rule, Agent agent, String steps) throws Exception {
        WorkflowJob job = rule.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('" + agent.name() + "') {\n" + steps + "\n}", true));
        return rule.buildAndAssertSuccess(job);
    }

    private static void start(JenkinsRule rule, Agent agent) throws Throwable {
        String java = System.getProperty("java.home") + "/bin/java";
        var command = new ArrayList<>(List.of("env", "HOME=" + agent.home()));
        if (agent.delay() > 0) {
            String classes = new File(FirstBuildIT.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
            command.addAll(
                    List.of(java, "-cp", classes, DelayedProcess.class.getName(), String.valueOf(agent.delay())));
        }
        command.addAll(List.of(
                java,
                "-Xlog:class+load:file=" + agent.log(),
                "-Duser.home=" + agent.home(),
                "-jar",
                new File(rule.jenkins.getJnlpJars("slave.jar").getURL().toURI()).toString(),
                "-jar-cache",
                agent.home() + "/jars"));
        var node = new DumbSlave(
                agent.name(), agent.home() + "/work", new SimpleCommandLauncher(String.join(" ", command)));
        node.setRetentionStrategy(RetentionStrategy.NOOP);
        rule.jenkins.addNode(node);
        rule.waitOnline(node);
    }
}
