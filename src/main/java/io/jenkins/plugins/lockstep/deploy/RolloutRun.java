package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.RolloutState.ContainerLog;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Done;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One rollout, from the first write to the verdict. Used once, by one thread. */
final class RolloutRun {

    /** What keeps an API server of two cores busy; more only wait there. */
    private static final int PARALLEL = 16;

    private static final int LOG_LINES = 20;
    /** How often to look even where nothing changed: graces run out by themselves. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** How long to wait for the rest of a cause of which only a part was seen. */
    private static final Duration REST = Duration.ofSeconds(2);

    private static final Set<String> EVIDENCE = Set.of("Event", "ReplicaSet", "Pod", "PersistentVolumeClaim", "Node");
    private static final long POLL_MILLIS = 250;
    private static final long LAST_REQUESTS_SECONDS = 5;

    private final Cluster cluster;
    private final RolloutOptions options;
    private final Supplier<Duration> clock;
    private final Plan plan;
    private final Progress progress;
    private final ObjectWriter writer;
    private final Stamp stamp;
    private final RolloutJudge judge;
    private final List<Change> changes;
    private final Map<ResourceKey, LiveObject> applied = new ConcurrentHashMap<>();
    private final Map<ResourceKey, String> told = new HashMap<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final Set<String> deletedPods = new HashSet<>();
    private final ClusterView view;
    private final Duration deadline;

    RolloutRun(
            Cluster cluster,
            RolloutOptions options,
            Supplier<Duration> clock,
            Plan plan,
            Stamp stamp,
            Progress progress) {
        this.cluster = cluster;
        this.options = options;
        this.clock = clock;
        this.plan = plan;
        this.progress = progress;
        this.stamp = stamp;
        this.writer = new ObjectWriter(cluster, plan.bounds(), stamp, options, this::warnOnce);
        this.changes = plan.changes().stream()
                .filter(change -> change.operation() != Operation.PRUNE)
                .toList();
        this.judge = new RolloutJudge(options.graces(), immutable(changes));
        this.view = new ClusterView(
                cluster, changes.stream().map(Change::key).collect(Collectors.toUnmodifiableSet()), clock);
        this.deadline = clock.get().plus(options.timeout());
    }

    RolloutResult toItsEnd() {
        Verdict verdict;
        try (view) {
            verdict = verdict();
        } catch (Stopped e) {
            verdict = e.verdict;
        } catch (DeliveryException e) {
            if (e.problem() == Problem.LOCKED) {
                throw e;
            }
            verdict = verdict(e, null);
        } catch (InterruptedException e) {
            verdict = interrupted();
        }
        if (verdict.code() == Verdict.Code.INTERRUPTED) {
            Thread.interrupted();
        }
        return new RolloutResult(verdict, inventory());
    }

    private Verdict verdict() throws InterruptedException, Stopped {
        boolean pods = cluster.runsPods();
        if (pods) {
            new WorkloadWatches(cluster, view).of(changes);
        }
        boolean begun = !pods;
        for (Map.Entry<Integer, List<Change>> phase : phases().entrySet()) {
            if (!begun && phase.getKey() >= ApplyOrder.JOBS_BEFORE) {
                begun = true;
                begin();
            }
            apply(phase.getValue());
            if (pods && phase.getKey() == ApplyOrder.DEFINITIONS) {
                await(phase.getValue());
                awaitDefinedKinds();
            } else if (pods && phase.getKey() == ApplyOrder.JOBS_BEFORE) {
                await(phase.getValue());
            }
        }
        if (!pods) {
            return new Verdict(Verdict.Code.WRITTEN, "everything is written to " + cluster.location(), List.of(), null);
        }
        await(changes);
        return new Verdict(Verdict.Code.RUNNING, "everything is ready", List.of(), null);
    }

    private Map<Integer, List<Change>> phases() {
        return changes.stream().collect(Collectors.groupingBy(ApplyOrder::rank, TreeMap::new, Collectors.toList()));
    }

    // ---- applying

    private void apply(List<Change> phase) throws InterruptedException, Stopped {
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(PARALLEL, phase.size()));
        var failed = new AtomicBoolean();
        var results = new ArrayList<Future<?>>();
        try {
            for (Change change : phase) {
                results.add(executor.submit(() -> {
                    if (!failed.get()) {
                        try {
                            apply(change);
                        } catch (Exception | Error e) {
                            failed.set(true);
                            throw e;
                        }
                    }
                    return null;
                }));
            }
            Stopped first = null;
            for (int i = 0; i < phase.size(); i++) {
                Stopped failure = outcome(phase.get(i), results.get(i));
                first = first == null ? failure : first;
            }
            if (first != null) {
                throw first;
            }
        } finally {
            executor.shutdownNow();
            // Nothing may be written any more once the rollout has ended.
            executor.awaitTermination(LAST_REQUESTS_SECONDS, TimeUnit.SECONDS);
        }
    }

    private @Nullable Stopped outcome(Change change, Future<?> result) throws InterruptedException {
        try {
            result.get();
            return null;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Stopped stopped) {
                return stopped;
            }
            if (cause instanceof DeliveryException failure) {
                if (failure.problem() == Problem.LOCKED) {
                    throw failure;
                }
                return new Stopped(verdict(failure, change));
            }
            if (cause instanceof InterruptedException) {
                return new Stopped(interrupted());
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("applying " + change.key() + " failed", cause);
        }
    }

    private void apply(Change change) throws InterruptedException, Stopped {
        RenderedObject desired = Objects.requireNonNull(change.desired());
        LiveObject live = change.live();
        if (change.operation() == Operation.KEEP && isLeftAlone(change, desired)) {
            if (live != null) {
                applied.put(change.key(), live);
            }
            return;
        }
        if (change.operation() == Operation.CREATE && live != null) {
            awaitGone(change, live);
        }
        applied.put(change.key(), writer.write(change, desired));
        switch (change.operation()) {
            case CREATE -> progress.step(change.key() + ": created");
            case CONFIGURE -> progress.step(change.key() + ": configured");
            default -> progress.detail(change.key() + ": stamped");
        }
    }

    /**
     * What is kept gets the release's annotations, unless it has them already, may belong to several releases or is a Job.
     */
    private boolean isLeftAlone(Change change, RenderedObject desired) {
        return change.live() == null
                || stamp.isOn(change.live())
                || (plan.isEmpty() && !options.resumed())
                || KnownKinds.isJob(change.key())
                || KnownKinds.isImmutable(change.key(), desired.tree());
    }

    private void awaitGone(Change change, LiveObject old) throws InterruptedException, Stopped {
        if (!old.isBeingDeleted()) {
            cluster.delete(change.kind(), change.key(), old.uid());
        }
        while (cluster.get(change.kind(), change.key())
                .filter(live -> live.uid().equals(old.uid()))
                .isPresent()) {
            if (clock.get().compareTo(deadline) >= 0) {
                throw new Stopped(new Verdict(
                        Verdict.Code.DEADLINE,
                        change.key() + " could not be created: an older one is still being deleted",
                        List.of(),
                        "look at its metadata.finalizers: whoever set them has to finish first"));
            }
            pause();
        }
    }

    private void warnOnce(String warning) {
        if (warned.add(warning)) {
            progress.warn(warning);
        }
    }

    // ---- waiting

    private void begin() throws InterruptedException, Stopped {
        if (!view.begin(remaining())) {
            throw new Stopped(new Verdict(
                    Verdict.Code.CLUSTER_FAILED,
                    cluster.location() + " did not say in time what runs there",
                    List.of(),
                    "look at the API server, or allow more time with --timeout"));
        }
        checkWatches();
    }

    /** A kind is served a moment after its definition is established. */
    private void awaitDefinedKinds() throws InterruptedException, Stopped {
        for (Change change : changes) {
            ServedKind kind = change.kind();
            while (!KnownKinds.isBuiltIn(change.key().group())
                    && cluster.served(kind.apiVersion(), kind.kind()).isEmpty()) {
                if (clock.get().compareTo(deadline) >= 0) {
                    throw new Stopped(new Verdict(
                            Verdict.Code.DEADLINE,
                            change.key() + " could not be applied: its kind is defined, but not served yet",
                            List.of(),
                            "deploy again; if it stays so, look at the CustomResourceDefinition"));
                }
                pause();
            }
        }
    }

    private void await(List<Change> some) throws InterruptedException, Stopped {
        var expected = new LinkedHashMap<Change, Expected>();
        for (Change change : some) {
            LiveObject live = applied.get(change.key());
            // A kept Job that is complete may be cleaned up at any moment.
            boolean ran = live != null && KnownKinds.isJob(change.key()) && Conditions.isTrue(live, "Complete");
            if (live != null && !ran && KnownKinds.isAwaited(change.key())) {
                expected.put(change, Expected.of(change.kind(), live));
                view.watch(change.kind(), change.key().namespace(), null);
            }
        }
        Duration partialSince = null;
        while (true) {
            Snapshot snapshot = view.snapshot();
            checkWatches();
            boolean late = snapshot.now().compareTo(deadline) >= 0;
            var failed = new ArrayList<Failed>();
            boolean done = true;
            for (Map.Entry<Change, Expected> entry : expected.entrySet()) {
                RolloutState state = judge.judge(entry.getValue(), snapshot);
                tell(entry.getKey(), state);
                if (state instanceof Failed failure) {
                    failed.add(failure);
                } else if (!(state instanceof Done)) {
                    done = false;
                    if (late) {
                        failed.add(judge.late(entry.getValue(), state, snapshot, options.timeout()));
                    }
                }
                deleteStuckPods(entry.getValue(), snapshot);
            }
            if (!failed.isEmpty()) {
                partialSince = partialSince == null ? snapshot.now() : partialSince;
                boolean partial =
                        failed.get(0).partial() && snapshot.since(partialSince).compareTo(REST) < 0;
                if (late || !partial) {
                    throw new Stopped(withLog(failed));
                }
                done = false;
            }
            if (done) {
                return;
            }
            Duration left = remaining();
            view.await(snapshot, left.compareTo(LOOK) < 0 ? left : LOOK);
        }
    }

    private void tell(Change change, RolloutState state) {
        String words = state.words();
        String before = told.put(change.key(), words);
        boolean news = !words.equals(before) && !(state instanceof Failed);
        // What was ready all the time is no news.
        boolean quiet = before == null && state instanceof Done && change.operation() == Operation.KEEP;
        if (news && !quiet) {
            progress.step(change.key() + ": " + words);
        }
    }

    private void deleteStuckPods(Expected expected, Snapshot snapshot) {
        for (LiveObject pod : RolloutJudge.stuckPods(expected, snapshot, options.restore())) {
            if (deletedPods.add(pod.uid())) {
                progress.step(expected.key() + ": deleting pod " + pod.key().name()
                        + ", of an earlier revision, which is not ready and which its controller would wait for");
                try {
                    cluster.delete(WorkloadWatches.kind(cluster, "v1", "Pod"), pod.key(), pod.uid());
                } catch (DeliveryException e) {
                    if (e.problem() != Problem.CLUSTER_FORBIDDEN) {
                        throw e;
                    }
                    warnOnce(e.getMessage() + "; someone has to delete the pod, or its controller waits for it");
                }
            }
        }
    }

    /** Without workloads there is nothing to judge; without pods, replica sets and events there is less evidence. */
    private void checkWatches() throws Stopped {
        for (Map.Entry<ServedKind, DeliveryException> failure : view.failures().entrySet()) {
            String kind = failure.getKey().kind();
            if (!EVIDENCE.contains(kind) || failure.getValue().problem() != Problem.CLUSTER_FORBIDDEN) {
                throw new Stopped(verdict(failure.getValue(), null));
            }
            warnOnce("can't watch " + failure.getKey().plural()
                    + ", so a failure will be seen later and with less evidence: "
                    + failure.getValue().getMessage());
        }
    }

    private Duration remaining() {
        Duration left = deadline.minus(clock.get());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }

    // ---- the end

    private Verdict withLog(List<Failed> failed) throws InterruptedException {
        Failed first = failed.get(0);
        Verdict verdict = first.verdict();
        var evidence = new ArrayList<>(verdict.evidence());
        ContainerLog log = first.log();
        if (log != null) {
            addLog(evidence, log);
        }
        failed.stream()
                .skip(1)
                .forEach(other -> evidence.add("also: " + other.verdict().message()));
        return new Verdict(verdict.code(), verdict.message(), evidence, verdict.hint());
    }

    /** Adds the last words of the instance that ended last and, where another runs by now, of that one. */
    private void addLog(List<String> evidence, ContainerLog log) throws InterruptedException {
        List<String> lines = tail(log);
        if (lines.isEmpty() && !log.previous()) {
            lines = tail(log.with(true));
        }
        String container = "container " + log.container() + " of pod " + log.pod();
        add(evidence, "last lines of " + container + (log.previous() ? ", before it was restarted:" : ":"), lines);
        if (log.previous()) {
            add(evidence, "last lines of " + container + " as it runs:", tail(log.with(false)));
        }
    }

    private static void add(List<String> evidence, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            evidence.add(title);
            lines.forEach(line -> evidence.add("  " + line));
        }
    }

    private List<String> tail(ContainerLog log) throws InterruptedException {
        try {
            return cluster.logTail(log.namespace(), log.pod(), log.container(), log.previous(), LOG_LINES);
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                throw new InterruptedException();
            }
            return List.of("(its log can't be read: " + e.getMessage() + ")");
        }
    }

    private static Verdict verdict(DeliveryException failure, @Nullable Change change) {
        if (failure.problem() == Problem.INTERRUPTED) {
            return interrupted();
        }
        String name = change == null || failure.what().contains(change.key().toString()) ? "" : change.key() + ": ";
        String why = failure.why() == null ? "" : ": " + failure.why();
        var evidence = new ArrayList<String>();
        RenderedObject desired = change == null ? null : change.desired();
        String place = "";
        if (desired != null && desired.place() != null) {
            String at = placeOf(desired, failure);
            place = at.equals(desired.place()) ? "" : " (" + at + ")";
            evidence.add("the manifest is at " + at);
        }
        if (failure.where() != null) {
            evidence.add("said by " + failure.where());
        }
        return new Verdict(Rejection.codeOf(failure), name + failure.what() + why + place, evidence, failure.hint());
    }

    /** Returns the place of the first field that the server names, of the whole object where it names none. */
    static String placeOf(RenderedObject desired, DeliveryException failure) {
        List<String> fields = failure.getCause() instanceof Rejection rejection ? rejection.fields() : List.of();
        String place = fields.isEmpty() ? desired.place() : desired.placeOf(fields.get(0));
        return Objects.requireNonNullElse(place, desired.key().toString());
    }

    private static Verdict interrupted() {
        return new Verdict(
                Verdict.Code.INTERRUPTED,
                "the rollout was interrupted; nothing was undone",
                List.of(),
                "deploy again: the next deploy makes the environment match its own revision");
    }

    private List<InventoryItem> inventory() {
        var items = new ArrayList<InventoryItem>();
        for (Change change : changes) {
            LiveObject live = applied.get(change.key());
            InventoryItem previous = change.previous();
            if (live != null) {
                RenderedObject desired = Objects.requireNonNull(change.desired());
                items.add(new InventoryItem(
                        desired.apiVersion(), change.key(), live.uid(), change.created(), hasCompleted(live)));
            } else if (previous != null) {
                items.add(previous);
            }
        }
        return items;
    }

    /** Tells whether a Job did its work; where nothing runs, writing it down is all the work. */
    private boolean hasCompleted(LiveObject applied) {
        if (!KnownKinds.isJob(applied.key())) {
            return false;
        }
        LiveObject seen = view.snapshot().object(applied.key());
        LiveObject newest = seen != null && seen.uid().equals(applied.uid()) ? seen : applied;
        return !cluster.runsPods() || Conditions.isTrue(newest, "Complete");
    }

    private static Set<ResourceKey> immutable(List<Change> changes) {
        return changes.stream()
                .filter(change -> change.desired() != null
                        && KnownKinds.isImmutable(change.key(), change.desired().tree()))
                .map(Change::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Ends the rollout with a verdict. */
    private static final class Stopped extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Verdict verdict;

        Stopped(Verdict verdict) {
            super(verdict.message());
            this.verdict = verdict;
        }
    }
}
