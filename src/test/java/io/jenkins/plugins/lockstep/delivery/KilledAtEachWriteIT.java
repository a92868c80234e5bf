package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.kube.Gate;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ends (or stops) the command line at each of its writes, which a release that lives has told: its process has been killed
 * when the registry or the API server has done what it asked for, and before it hears of it.
 *
 * <p>What a killed process leaves behind is what the servers have by then. So that covers the moment before the next
 * write, too.
 */
@ClusterTest
@EnabledOnOs(value = OS.LINUX, disabledReason = "need the signals of Linux")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KilledAtEachWriteIT {

    private static final Path JAR = Path.of("target/lockstep-cli.jar").toAbsolutePath();
    private static final String BUILD = "https://ci.example.com/job/cart/7/";
    private static final int SIGKILL = 128 + 9;
    private static final int AT_ONCE = 6;

    /** A lease of 30 s would be waited for after each kill. */
    private static final Map<String, String> SHORT_LEASE = Map.of("LOCKSTEP_LEASE_SECONDS", "4");

    @TempDir
    Path temporary;

    private StoryNamespace namespace;
    private KubeCluster cluster;
    private ExecutorService threads;

    @BeforeEach
    void open() throws InterruptedException {
        namespace = StoryNamespace.make();
        cluster = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, null));
        threads = Executors.newCachedThreadPool();
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        namespace.close();
        cluster.close();
    }

    @Test
    void whereverAReleaseIsKilledTheNextOnePutsThingsRight() throws Exception {
        List<WritePoint> points = writesOfARelease();

        System.out.println("killing a release at each of its " + points.size() + " writes:");
        points.forEach(point -> System.out.println("  " + point));
        for (String kind : List.of(
                "PUT /v2/.*/blobs/uploads/.*",
                "PUT /v2/.*/manifests/.*",
                WritePoints.TAKEN,
                "POST .*/configmaps[?].*",
                "PATCH .*/configmaps/APP-config-.*",
                "PATCH .*/services/APP[?].*",
                "PATCH .*/deployments/APP[?].*",
                "PATCH .*/deployments/APP-worker[?].*fieldManager=lockstep&.*",
                "PATCH .*/deployments/APP-worker[?].*lockstep-replicas.*",
                "DELETE .*/configmaps/APP-dropped.*",
                "PUT .*/configmaps/lockstep-APP-staging-2[?].*",
                WritePoints.GIVEN_BACK)) {
            assertThat(points).as(kind).anyMatch(point -> point.write().matches(kind));
        }
        var walks = new ArrayList<Callable<Void>>();
        for (WritePoint point : points) {
            String app = "cart" + walks.size();
            walks.add(() -> {
                killAt(point, app);
                return null;
            });
        }
        atMost(AT_ONCE, walks);
        System.out.println("killed and put right at each of " + walks.size() + " writes");
    }

    /** Lets one release live, and writes down what it writes. */
    private List<WritePoint> writesOfARelease() throws Exception {
        try (Story story = new Story("cart")) {
            story.releaseFirst();
            story.project.commitSecond();
            var points = new CopyOnWriteArrayList<WritePoint>();
            var writes = new WritePoints("cart");
            story.watchedBy(new Gate.Watchman() {
                @Override
                public void after(String request) {
                    writes.next(request).ifPresent(points::add);
                }
            });
            Run run = story.start("release", "staging");
            assertThat(run.process().waitFor()).as("%s", run).isZero();
            return List.copyOf(points);
        }
    }

    private void killAt(WritePoint point, String app) throws Exception {
        try (Story story = new Story(app)) {
            story.releaseFirst();
            story.project.commitSecond();
            var killer = new Killer(point, new WritePoints(app));
            Run killed = story.start(killer, "release", "staging");
            assertThat(killed.process().waitFor()).as("%s: %s", point, killed).isEqualTo(SIGKILL);
            story.watchedBy(Gate.Watchman.NOBODY);

            DeployResult again = story.release();
            assertThat(again.problem()).as("%s: %s", point, again.verdict()).isEmpty();
            story.assertRightOf(again.release());
            String third = story.project.commitThird();
            DeployResult newest = story.release();

            assertThat(newest.problem()).as("%s: %s", point, newest.verdict()).isEmpty();
            assertThat(newest.release().revision()).isEqualTo(third);
            story.assertRightOf(newest.release());
            assertThat(story.names("v1", "ConfigMap"))
                    .as("%s", point)
                    .allMatch(name -> name.startsWith(story.project.app() + "-config-"));
            assertThat(story.names("apps/v1", "Deployment"))
                    .containsExactly(story.project.app(), story.project.worker());
            assertThat(story.names("v1", "Service")).containsExactly(story.project.app());
            story.assertLedger(point.toString());
        }
    }

    /** What a release does that is killed, and what is there before. */
    private enum Death {
        OF_A_RELEASE("release staging", 2) {
            @Override
            void prepare(Story story) {
                story.project.commitSecond();
            }
        },
        OF_ONE_THAT_FAILS("release staging", 2) {
            @Override
            void prepare(Story story) {
                story.project.commitRefused();
            }
        },
        OF_A_ROLLBACK("rollback staging", 3) {
            @Override
            void prepare(Story story) throws InterruptedException {
                story.project.commitSecond();
                assertThat(story.release().problem()).isEmpty();
            }
        };

        private final String command;
        private final int number;

        Death(String command, int number) {
            this.command = command;
            this.number = number;
        }

        abstract void prepare(Story story) throws InterruptedException;

        String app() {
            return name().toLowerCase(Locale.ROOT).replace("_", "");
        }
    }

    /**
     * A release that is gone on with writes what the killed one had not written, and nothing else: both together write what
     * one that lives writes.
     */
    @ParameterizedTest
    @EnumSource
    void whereverItIsKilledAfterItBeganItIsGoneOnWithUnderItsNumber(Death death) throws Exception {
        List<WritePoint> points = new ArrayList<>();
        Release lived = lived(death, points);
        int begun = IntStream.range(0, points.size())
                .filter(i -> points.get(i).write().matches("POST .*/configmaps[?].*"))
                .max()
                .orElseThrow();
        List<WritePoint> ends = death == Death.OF_A_ROLLBACK
                ? points.stream()
                        .filter(point -> point.write().matches("PATCH .*/deployments/APP[?].*|DELETE .*APP-extra.*"))
                        .toList()
                : points.subList(begun, points.size());
        assertThat(ends).hasSizeGreaterThan(1);
        var walks = new ArrayList<Callable<Void>>();
        for (WritePoint point : ends) {
            String app = death.app() + walks.size();
            boolean isNumberKnown = point != points.get(begun);
            walks.add(() -> {
                resumedAfter(death, point, app, isNumberKnown ? death.number : null, points, lived);
                return null;
            });
        }
        atMost(AT_ONCE, walks);
        System.out.println(death + ": killed and gone on with at each of " + walks.size() + " writes");
    }

    /** Lets one live, and writes down what it writes to the cluster. */
    private Release lived(Death death, List<WritePoint> points) throws Exception {
        try (Story story = new Story(death.app())) {
            story.releaseFirst();
            death.prepare(story);
            var recorder = new Recorder(new WritePoints(death.app()));
            story.watchedBy(recorder);
            story.start(death.command.split(" ")).process().waitFor();
            points.addAll(recorder.written());
            Release release = story.ledger().list().get(0);
            assertThat(release.number()).isEqualTo(death.number);
            assertThat(release.verdict()).isNotNull();
            return release;
        }
    }

    private void resumedAfter(
            Death death, WritePoint point, String app, Integer number, List<WritePoint> all, Release lived)
            throws Exception {
        try (Story story = new Story(app)) {
            story.releaseFirst();
            death.prepare(story);
            var recorder = new Recorder(new WritePoints(app));
            var killer = new Killer(point::equals, recorder::note);
            Run killed = story.start(killer, death.command.split(" "));
            assertThat(killed.process().waitFor()).as("%s: %s", point, killed).isEqualTo(SIGKILL);
            story.watchedBy(recorder);

            DeployResult resumed = story.resume(number).orElseThrow();

            assertThat(resumed.release().number()).as("%s", point).isEqualTo(death.number);
            assertThat(resumed.verdict().code())
                    .as("%s: %s", point, resumed.verdict())
                    .isEqualTo(lived.verdict().code());
            assertThat(resumed.release().restored()).as("%s", point).isEqualTo(lived.restored());
            assertThat(resumed.release().rollbackOf()).as("%s", point).isEqualTo(lived.rollbackOf());
            assertThat(told(recorder.written(), point))
                    .as("killed at %s", point)
                    .containsExactlyInAnyOrderElementsOf(told(all, point));
            List<Release> releases = story.ledger().list();
            assertThat(releases).hasSize(death.number);
            assertThat(releases.get(0)).as("%s", point).isEqualTo(resumed.release());
            assertThat(releases).allMatch(release -> release.verdict() != null);
            if (death == Death.OF_A_RELEASE) {
                story.assertRightOf(resumed.release());
            }
            assertThat(story.names("apps/v1", "Deployment"))
                    .as("%s", point)
                    .isEqualTo(death == Death.OF_A_RELEASE ? List.of(app, story.project.worker()) : List.of(app));
            assertThat(story.resume(death.number).orElseThrow().release()).isEqualTo(resumed.release());
        }
    }

    /**
     * What is refused was not written, and may be tried again. What is half created is completed on another way; so it is
     * left out where its creation is what was killed, or ran beside that.
     */
    private static List<WritePoint> told(List<WritePoint> writes, WritePoint killedAt) {
        boolean creating = killedAt.write().matches("PATCH .*/deployments/.*");
        return writes.stream()
                .filter(point -> !point.write().contains("/controllerrevisions/"))
                .filter(point ->
                        !creating || !point.write().matches("PATCH .*/deployments/APP-worker.*|PUT .*/deployments/.*"))
                .toList();
    }

    @Test
    void nobodyGoesOnWithAReleaseThatANewerOneHasFollowed() throws Exception {
        try (Story story = new Story("followed")) {
            story.releaseFirst();
            story.project.commitSecond();
            var killer = new Killer(
                    written -> written.write().matches("PATCH .*/services/APP[?].*"),
                    new WritePoints("followed")::next);
            Run killed = story.start(killer, "release", "staging");
            assertThat(killed.process().waitFor()).as("%s", killed).isEqualTo(SIGKILL);
            story.watchedBy(Gate.Watchman.NOBODY);
            story.project.commitThird();
            DeployResult newest = story.release();
            List<Release> ledger = story.ledger().list();
            var later = new Recorder(new WritePoints("followed"));
            story.watchedBy(later);

            DeployResult told = story.resume(2).orElseThrow();
            DeployResult unnumbered = story.resume(null).orElseThrow();

            assertThat(told.verdict().code()).isEqualTo(Verdict.Code.CRASHED);
            assertThat(unnumbered.release()).isEqualTo(told.release());
            assertThat(later.written()).isEmpty();
            assertThat(story.ledger().list()).isEqualTo(ledger);
            story.assertRightOf(newest.release());
        }
    }

    @Test
    void whoeverIsStoppedUntilItsLeaseIsTakenWritesNothingWhenItGoesOn() throws Exception {
        var points = List.of(
                "PUT .*/leases/.*", // taken, nothing begun
                "POST .*/configmaps[?].*", // in the middle of writing its entry
                "PATCH .*/services/.*",
                "PATCH .*/deployments/.*",
                "DELETE .*");
        var stories = new ArrayList<Callable<Void>>();
        for (String point : points) {
            String app = "stopped" + stories.size();
            stories.add(() -> {
                stopAt(point, app);
                return null;
            });
        }
        for (Future<Void> story : threads.invokeAll(stories)) {
            story.get();
        }
    }

    private void stopAt(String point, String app) throws Exception {
        try (Story story = new Story(app)) {
            story.releaseFirst();
            story.project.commitSecond();
            var stopper = new Stopper(point);
            Run stopped = story.start(stopper, "release", "staging");
            stopper.stopped.get();
            // The successor reaches the servers on its own way.
            String third = story.project.commitThird();
            DeployResult newest = story.release();
            assertThat(newest.problem()).as("%s", newest.verdict()).isEmpty();
            assertThat(newest.release().revision()).isEqualTo(third);
            List<Release> ledger = story.ledger().list();
            var later = new CopyOnWriteArrayList<String>();
            story.watchedBy(new Gate.Watchman() {
                @Override
                public void before(String request) {
                    later.add(request);
                }
            });

            signal("CONT", stopped.process());
            stopper.goOn.complete(null);

            assertThat(stopped.process().waitFor()).as("%s", stopped).isEqualTo(3);
            assertThat(stopped.text())
                    .contains("taken this environment's lock over")
                    .doesNotContain("\tat ");
            // It may ask for its lease, and try to renew the version of it that is no longer there.
            assertThat(later)
                    .filteredOn(KilledAtEachWriteIT::isWrite)
                    .allMatch(request -> request.contains("/leases/"));
            assertThat(story.ledger().list()).isEqualTo(ledger);
            story.assertRightOf(newest.release());
            story.assertLedger(point);
        }
    }

    private static boolean isWrite(String request) {
        return !request.startsWith("GET") && !request.startsWith("HEAD") && !request.contains("dryRun=All");
    }

    private static void signal(String name, Process process) throws IOException {
        try {
            int code = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).isZero();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Does all of it, so many at a time, and tells the first failure. */
    private static void atMost(int count, List<Callable<Void>> work) throws Exception {
        ExecutorService few = Executors.newFixedThreadPool(count);
        try {
            for (Future<Void> end : few.invokeAll(work)) {
                end.get();
            }
        } finally {
            few.shutdownNow();
        }
    }

    /**
     * A write of a release, as every release of this shape has it.
     *
     * @param write method and address, without what differs from one release to the next
     * @param occurrence which one of its kind, from 1
     */
    private record WritePoint(String write, int occurrence) {

        @Override
        public String toString() {
            return write + " (" + occurrence + ")";
        }
    }

    /**
     * Tells the writes of one release apart. Their order is not the same each time, since some are made in parallel; and a
     * lease is renewed as often as time has it, so that renewals are no points (what is killed then is killed between two
     * others), and neither is that it is given back once more because a renewal came in between.
     */
    private static final class WritePoints {

        static final String TAKEN = "the lease is taken";
        static final String GIVEN_BACK = "the lease is given back";

        private final String app;
        private final Map<String, Integer> met = new TreeMap<>();
        private boolean finished;

        WritePoints(String app) {
            this.app = app;
        }

        /** Returns which write this is, empty for what is none. */
        synchronized Optional<WritePoint> next(String request) {
            if (!isWrite(request)) {
                return Optional.empty();
            }
            String write = request.contains("/leases/")
                    ? lease()
                    : request.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                            .replaceAll("_state=[^&]*&?", "")
                            .replaceAll("[0-9a-f]{64}", "DIGEST")
                            .replaceAll("[0-9a-f]{40}", "REVISION")
                            .replaceAll("\\b" + app + "\\b", "APP");
            finished |= write.matches("PUT .*/configmaps/lockstep-APP-staging-2[?].*");
            return write.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new WritePoint(write, met.merge(write, 1, Integer::sum)));
        }

        private String lease() {
            String write = finished ? GIVEN_BACK : TAKEN;
            return met.containsKey(write) ? "" : write;
        }
    }

    /** Writes down what is written to the cluster; a lease is written as often as time has it. */
    private static final class Recorder implements Gate.Watchman {

        private final List<WritePoint> written = new CopyOnWriteArrayList<>();
        private final WritePoints writes;

        Recorder(WritePoints writes) {
            this.writes = writes;
        }

        @Override
        public void after(String request) {
            note(request);
        }

        Optional<WritePoint> note(String request) {
            if (request.contains("/leases/") || request.contains(" /v2/")) {
                return Optional.empty();
            }
            Optional<WritePoint> point = writes.next(request);
            point.ifPresent(written::add);
            return point;
        }

        List<WritePoint> written() {
            return List.copyOf(written);
        }
    }

    /** Kills a process when a write of it has been done. */
    private static final class Killer implements Gate.Watchman {

        final CompletableFuture<Process> process = new CompletableFuture<>();
        private final Predicate<WritePoint> point;
        private final Function<String, Optional<WritePoint>> writes;

        Killer(WritePoint point, WritePoints writes) {
            this(point::equals, writes::next);
        }

        Killer(Predicate<WritePoint> point, Function<String, Optional<WritePoint>> writes) {
            this.point = point;
            this.writes = writes;
        }

        @Override
        public void after(String request) throws IOException {
            if (writes.apply(request).filter(point).isPresent()) {
                process.join().destroyForcibly();
                process.join().onExit().join();
                throw new IOException("killed");
            }
        }
    }

    /** Stops a process when its first write of a kind has been done, and keeps the answer until it goes on. */
    private static final class Stopper implements Gate.Watchman {

        final CompletableFuture<Process> process = new CompletableFuture<>();
        final CompletableFuture<Void> stopped = new CompletableFuture<>();
        final CompletableFuture<Void> goOn = new CompletableFuture<>();
        private final String point;
        private final AtomicBoolean met = new AtomicBoolean();

        Stopper(String point) {
            this.point = point;
        }

        @Override
        public void after(String request) throws IOException {
            if (isWrite(request) && request.matches(point) && !met.getAndSet(true)) {
                signal("STOP", process.join());
                stopped.complete(null);
                goOn.join();
            }
        }
    }

    /** One application, with ways of its own to both servers. */
    private final class Story implements AutoCloseable {

        private final Path directory;
        private final Gate api;
        private final Gate registry;
        private final TinyProject project;
        private final Delivery delivery;
        private final List<Process> started = new CopyOnWriteArrayList<>();

        Story(String app) throws IOException {
            this.directory = Files.createDirectory(temporary.resolve(app));
            this.api = Gate.beforeApiServer(Gate.Watchman.NOBODY);
            this.registry = Gate.beforeRegistry(Gate.Watchman.NOBODY);
            this.project = TinyProject.in(
                    directory.resolve("project"), app, registry.address() + "/" + namespace.name() + "/" + app);
            Files.writeString(
                    directory.resolve("kubeconfig"),
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{ name: gate, cluster: { server: "http://%s" } }]
                    contexts: [{ name: gate, context: { cluster: gate } }]
                    current-context: gate
                    """
                            .formatted(api.address()));
            var environment = new TreeMap<>(SHORT_LEASE);
            environment.put("HOME", directory.toString());
            this.delivery = new DeliveryFactory(environment).delivery();
        }

        void watchedBy(Gate.Watchman watchman) {
            api.watchedBy(watchman);
            registry.watchedBy(watchman);
        }

        void releaseFirst() throws InterruptedException {
            project.commitFirst();
            DeployResult first = release();
            assertThat(first.problem()).as("%s", first.verdict()).isEmpty();
        }

        DeployResult release() throws InterruptedException {
            return delivery.release(request(), Progress.NONE);
        }

        private DeployRequest request() {
            return new DeployRequest(
                    project.location(),
                    "staging",
                    namespace.target(),
                    RolloutSettings.DEFAULT,
                    new Actor("the next one", null));
        }

        /** Goes on with what the command line was killed at, on the same way. */
        Optional<DeployResult> resume(Integer number) throws InterruptedException {
            return delivery.resume(
                    new ResumeRequest(
                            project.location(),
                            "staging",
                            new Target.Kubernetes(directory.resolve("kubeconfig"), null, namespace.name()),
                            RolloutSettings.DEFAULT,
                            new Actor("the same build", BUILD),
                            number),
                    Progress.NONE);
        }

        Run start(Killer killer, String... command) throws IOException {
            watchedBy(killer);
            Run run = start(command);
            killer.process.complete(run.process());
            return run;
        }

        Run start(Stopper stopper, String... command) throws IOException {
            watchedBy(stopper);
            Run run = start(command);
            stopper.process.complete(run.process());
            return run;
        }

        private Run start(String... command) throws IOException {
            Path out = directory.resolve("out");
            var line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", // many short lives
                    "-jar",
                    JAR.toString()));
            line.addAll(List.of(command));
            line.addAll(List.of(
                    "--kubeconfig", directory.resolve("kubeconfig").toString(), "--namespace", namespace.name()));
            var builder = new ProcessBuilder(line)
                    .directory(project.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("LOCKSTEP_") || name.equals("KUBECONFIG"));
            builder.environment().put("HOME", directory.toString());
            builder.environment().put("BUILD_URL", BUILD);
            builder.environment().putAll(SHORT_LEASE);
            Process process = builder.start();
            started.add(process);
            return new Run(process, out);
        }

        Ledger ledger() {
            return cluster.ledger(namespace.name(), project.app(), "staging");
        }

        /** What is there is what that release rendered, and the ledger knows all of it. */
        void assertRightOf(Release release) throws InterruptedException {
            PlanResult plan = delivery.plan(request());
            assertThat(release.seal()).isEqualTo(plan.draft().seal());
            assertThat(plan.plan().isEmpty()).as("%s", plan.plan()).isTrue();
            assertThat(plan.plan().count(Operation.PRUNE)).isZero();
            Map<String, String> known = ledger().inventory(release.number()).stream()
                    .collect(Collectors.toMap(item -> item.key().toString(), InventoryItem::uid));
            Map<String, String> there = new TreeMap<>();
            for (var kind : List.of("v1 ConfigMap", "v1 Service", "apps/v1 Deployment")) {
                String[] parts = kind.split(" ");
                live(parts[0], parts[1])
                        .forEach(object -> there.put(object.key().toString(), object.uid()));
            }
            assertThat(known).containsExactlyInAnyOrderEntriesOf(there);
        }

        /** Each release has ended, with one number, one end, and in its turn; each revision ran well once. */
        void assertLedger(String point) {
            List<Release> releases = ledger().list();
            assertThat(releases.stream().map(Release::number).sorted().toList())
                    .as("write %s", point)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, releases.size()).boxed().toList());
            assertThat(releases.stream().filter(Release::isGood).map(Release::revision))
                    .as("write %s", point)
                    .doesNotHaveDuplicates();
            assertThat(releases.stream().filter(release -> !release.isGood()).toList())
                    .as("write %s", point)
                    .hasSizeLessThanOrEqualTo(1)
                    .allMatch(release ->
                            release.verdict() != null && release.verdict().code() == Verdict.Code.CRASHED);
            assertThat(releases.stream().map(Release::lease))
                    .doesNotContainNull()
                    .doesNotHaveDuplicates();
        }

        List<String> names(String apiVersion, String kind) {
            return live(apiVersion, kind).stream()
                    .map(object -> object.key().name())
                    .sorted()
                    .toList();
        }

        private List<LiveObject> live(String apiVersion, String kind) {
            ServedKind served = cluster.served(apiVersion, kind).orElseThrow();
            return cluster.list(served, namespace.name(), Stamp.APP_LABEL + "=" + project.app());
        }

        @Override
        public void close() throws IOException {
            // One that is still stopped would stay for ever.
            started.forEach(Process::destroyForcibly);
            api.close();
            registry.close();
        }
    }

    /** A process, and the file that it writes to. */
    private record Run(Process process, Path out) {

        String text() throws IOException {
            return Files.readString(out);
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
