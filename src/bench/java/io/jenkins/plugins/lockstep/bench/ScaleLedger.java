package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.kube.FaultyFront;
import io.jenkins.plugins.lockstep.kube.RealCluster;
import io.jenkins.plugins.lockstep.kube.ReleaseCopies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A ledger of 1,000 releases and of 10,000. */
final class ScaleLedger {

    private static final int ROUNDS = 7;
    private static final int SHOWN = 20;

    private final Path temporary;

    ScaleLedger(Path temporary) {
        this.temporary = temporary;
    }

    /** What one operation takes. */
    private record Cost(List<Double> seconds, int requests, long heap) {}

    void measure(Report report) throws Exception {
        Map<String, Cost> few = costs(1_000);
        Map<String, Cost> many = costs(10_000);
        report.header("ledger of", "1,000 releases, s", "10,000 releases, s", "growth", "requests", "live heap, MiB");
        many.forEach((what, cost) -> {
            Cost tenth = few.get(what);
            report.row(
                    what,
                    Spread.of(tenth.seconds()).text("%.3f"),
                    Spread.of(cost.seconds()).text("%.3f"),
                    ScaleTopic.growth(tenth.seconds(), cost.seconds()),
                    tenth.requests() + " / " + cost.requests(),
                    tenth.heap() + " / " + cost.heap());
        });
    }

    private Map<String, Cost> costs(int releases) throws Exception {
        try (var cluster = new RealCluster();
                var front = FaultyFront.beforeTestBed()) {
            String namespace = cluster.namespace();
            Path directory = temporary.resolve("ledger-" + releases);
            var application = new ScaleApplication(
                    directory, "cart", namespace, new Target.Kubernetes(TestBed.kubeconfig(), null, namespace));
            application.commit(1).release();
            application.commit(2).release();
            ReleaseCopies.make(namespace, "cart", ScaleApplication.ENVIRONMENT, 3, releases);
            Path watched = Files.writeString(
                    temporary.resolve("watched-" + releases),
                    """
                    current-context: only
                    contexts: [{name: only, context: {cluster: near, namespace: %s}}]
                    clusters: [{name: near, cluster: {server: "%s"}}]
                    """
                            .formatted(namespace, front.address()));
            var counted = new ScaleApplication(
                    temporary.resolve("counted-" + releases),
                    "cart",
                    namespace,
                    new Target.Kubernetes(watched, null, null));

            var works = new LinkedHashMap<String, Work>();
            works.put("history (the newest 20)", one -> one.delivery()
                    .history(one.location(), ScaleApplication.ENVIRONMENT, one.target(), SHOWN));
            works.put("history --limit 0", one -> one.delivery()
                    .history(one.location(), ScaleApplication.ENVIRONMENT, one.target()));
            works.put(
                    "status", one -> one.delivery().status(one.location(), ScaleApplication.ENVIRONMENT, one.target()));
            works.put("release of a new commit", ScaleApplication::release);
            works.put("rollback to the previous", ScaleApplication::rollBack);
            var costs = new LinkedHashMap<String, Cost>();
            int[] revision = {100};
            for (Map.Entry<String, Work> work : works.entrySet()) {
                boolean releasing = work.getKey().startsWith("release");
                Rounds.Work before = () -> {
                    if (releasing) {
                        application.commit(++revision[0]);
                    }
                };
                List<Double> seconds = new ArrayList<>(new Rounds()
                        .with("lockstep", before, () -> work.getValue().of(application))
                        .seconds(2, ROUNDS)
                        .get("lockstep"));
                before.run();
                long heap = ScaleHeap.mebibytes(() -> work.getValue().of(application));
                // Of commits of its own: they are no descendants, which nothing here forbids.
                counted.commit(++revision[0]);
                front.forget();
                work.getValue().of(counted);
                costs.put(work.getKey(), new Cost(seconds, front.requests().size(), heap));
            }
            return costs;
        }
    }

    /** What is done with an application. */
    @FunctionalInterface
    private interface Work {
        void of(ScaleApplication application) throws Exception;
    }
}
