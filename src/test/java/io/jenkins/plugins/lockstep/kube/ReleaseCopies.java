package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Fills a ledger on the test bed's cluster with copies of its first two entries, made side by side under other numbers. */
public final class ReleaseCopies {

    private static final int THREADS = 16;

    private ReleaseCopies() {}

    /** Makes the releases of these numbers, labelled as if all had been released one after the other, up to {@code last}. */
    public static void make(String namespace, String app, String environment, int from, int last) throws Exception {
        try (var client = new KubeClient(RealCluster.connect(), RealCluster.QUICK)) {
            make(client, namespace, new LedgerNames(app, environment), from, last);
        }
    }

    static void make(KubeClient client, String namespace, LedgerNames names, int from, int last) throws Exception {
        List<Map<String, Object>> entries =
                List.of(entry(client, namespace, names, 1), entry(client, namespace, names, 2));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> creations = IntStream.rangeClosed(from, last)
                    .<Callable<Void>>mapToObj(number -> () -> {
                        client.create(
                                        KubeClient.CONFIG_MAPS,
                                        namespace,
                                        numbered(entries.get(number % 2), names, number, last))
                                .orElseThrow();
                        return null;
                    })
                    .toList();
            for (Future<Void> created : threads.invokeAll(creations)) {
                created.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, Object> entry(KubeClient client, String namespace, LedgerNames names, int number) {
        return client.get(KubeClient.CONFIG_MAPS, namespace, names.release(number))
                .orElseThrow();
    }

    private static Map<String, Object> numbered(Map<String, Object> entry, LedgerNames names, int number, int last) {
        String summary = Tree.text(entry, "metadata", "annotations", "lockstep.io/summary");
        Release release = ReleaseDocument.read(Json.read(summary), "the copied entry");
        var labels = Tree.map(entry, "metadata", "labels");
        labels.put("lockstep.io/release", String.valueOf(number));
        // The copied entry may be past by now.
        labels.remove("lockstep.io/past");
        if (number <= last - KubeLedger.RECENT) {
            labels.put("lockstep.io/past", "true");
        }
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", names.release(number));
        metadata.put("labels", labels);
        metadata.put(
                "annotations", Map.of("lockstep.io/summary", Json.write(ReleaseDocument.of(release.numbered(number)))));
        var copy = new LinkedHashMap<String, Object>();
        copy.put("apiVersion", "v1");
        copy.put("kind", "ConfigMap");
        copy.put("metadata", metadata);
        copy.put("binaryData", entry.get("binaryData"));
        return copy;
    }
}
