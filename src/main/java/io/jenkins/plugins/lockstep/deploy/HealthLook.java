package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks once at the pods of a release that runs already: a release that changes nothing waits for nothing. */
final class HealthLook {

    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final Graces graces;
    private final Supplier<Duration> clock;

    HealthLook(Cluster cluster, Graces graces, Supplier<Duration> clock) {
        this.cluster = cluster;
        this.graces = graces;
        this.clock = clock;
    }

    List<String> at(Plan plan) throws InterruptedException {
        List<Change> workloads = plan.changes().stream()
                .filter(change ->
                        change.live() != null && KnownKinds.hasPods(change.key()) && !KnownKinds.isJob(change.key()))
                // The plan has just read what their controllers say: where that is good, nobody asks for pods and
                // events.
                .filter(change -> !RolloutJudge.isReadyByItsStatus(Objects.requireNonNull(change.live())))
                .toList();
        if (workloads.isEmpty()) {
            return List.of();
        }
        try (var view = new ClusterView(
                cluster, workloads.stream().map(Change::key).collect(Collectors.toUnmodifiableSet()), clock)) {
            new WorkloadWatches(cluster, view).of(workloads);
            if (!view.begin(LONGEST)) {
                return List.of();
            }
            Snapshot snapshot = view.snapshot();
            var judge = new RolloutJudge(graces, Set.of());
            return workloads.stream()
                    .map(change ->
                            judge.unready(Expected.of(change.kind(), Objects.requireNonNull(change.live())), snapshot))
                    .filter(Objects::nonNull)
                    .toList();
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                throw new InterruptedException();
            }
            return List.of(); // it was not asked for, so it must not fail what was
        }
    }
}
