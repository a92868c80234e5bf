package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.kube.RealCluster;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * 20 applications and 200, ten in a namespace, each built, pushed and released for the first time by a thread of its own: all
 * at once, as builds of a Jenkins controller may. None starts a pod: what is measured is not the node.
 */
final class ScaleParallel {

    private static final int IN_A_NAMESPACE = 10;

    private final Path temporary;

    ScaleParallel(Path temporary) {
        this.temporary = temporary;
    }

    void measure(Report report) throws Exception {
        report.header("applications released at once", "s", "s for each", "live heap at most, MiB", "threads at most");
        for (int count : new int[] {20, 200}) {
            measure(report, count);
        }
    }

    private void measure(Report report, int count) throws Exception {
        List<RealCluster> clusters = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<ScaleApplication> applications = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                if (i % IN_A_NAMESPACE == 0) {
                    clusters.add(new RealCluster());
                }
                String namespace = clusters.get(i / IN_A_NAMESPACE).namespace();
                applications.add(new ScaleApplication(
                                temporary.resolve("parallel-" + count).resolve("app" + i),
                                "app" + i,
                                namespace,
                                new Target.Kubernetes(TestBed.kubeconfig(), null, namespace))
                        .commit(1));
            }
            var watch = ManagementFactory.getThreadMXBean();
            watch.resetPeakThreadCount();
            long begin = System.nanoTime();
            releaseAll(applications, threads);
            double seconds = (System.nanoTime() - begin) / 1e9;
            int peak = watch.getPeakThreadCount();
            // Once more for the heap alone: each look at it is a collection, which takes time.
            applications.forEach(application -> application.commit(2));
            long heap = ScaleHeap.mebibytes(() -> releaseAll(applications, threads));
            report.row(
                    Integer.toString(count),
                    String.format(Locale.ROOT, "%.1f", seconds),
                    String.format(Locale.ROOT, "%.3f", seconds / count),
                    Long.toString(heap),
                    Integer.toString(peak));
        } finally {
            threads.shutdownNow();
            clusters.forEach(RealCluster::close);
        }
    }

    private static void releaseAll(List<ScaleApplication> applications, ExecutorService threads) throws Exception {
        List<Callable<Void>> releases = applications.stream()
                .map(application -> (Callable<Void>) () -> {
                    application.release();
                    return null;
                })
                .toList();
        for (Future<Void> release : threads.invokeAll(releases)) {
            release.get();
        }
    }
}
