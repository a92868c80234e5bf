package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster.Watch;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeRequest.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One watch, on one daemon thread.
 *
 * <p>It lists, then follows the changes since that list; when the connection ends, it follows on from the last version
 * that it saw; when the server has forgotten that version (410), it lists again.
 */
final class KubeWatch implements Watch {

    /** After that long the server ends the request and we ask again: a connection that died unnoticed costs no more. */
    private static final Duration ROUND = Duration.ofMinutes(2);

    private static final Duration SILENCE = ROUND.plusSeconds(30);

    /** A connection that held that long was a good one, even if nothing happened. */
    private static final Duration HELD = Duration.ofSeconds(5);

    private final KubeClient client;
    private final Subject subject;
    private final Consumer<WatchEvent> sink;
    private final Thread thread;

    /** By UID, as last seen: what is missing from a later list was deleted. Only the watch's thread uses it. */
    private Map<String, LiveObject> known = new LinkedHashMap<>();

    private volatile boolean closed;
    private volatile @Nullable Call current;

    /** What is watched; see {@code Cluster.watch}. */
    record Subject(ServedKind kind, String namespace, @Nullable String labelSelector, @Nullable String fieldSelector) {}

    private KubeWatch(KubeClient client, Subject subject, Consumer<WatchEvent> sink) {
        this.client = client;
        this.subject = subject;
        this.sink = sink;
        this.thread = new Thread(this::run, "lockstep-watch-" + subject.kind().plural());
        thread.setDaemon(true);
    }

    static KubeWatch start(KubeClient client, Subject subject, Consumer<WatchEvent> sink) {
        var watch = new KubeWatch(client, subject, sink);
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        closed = true;
        Call call = current;
        if (call != null) {
            call.cancel();
        }
        thread.interrupt();
    }

    private void run() {
        try {
            String version = list();
            emit(WatchEvent.Type.SYNCED, null);
            int inVain = 0;
            while (!closed) {
                inVain = follow(version) ? 0 : inVain + 1;
                if (inVain > 0 && !closed) {
                    TimeUnit.MILLISECONDS.sleep(
                            client.retries().pauseAfter(inVain).toMillis());
                }
                version = closed ? version : list();
            }
        } catch (DeliveryException e) {
            fail(e);
        } catch (InterruptedException e) {
            fail(DeliveryException.of(
                            Problem.INTERRUPTED,
                            "interrupted in the attempt to " + request("").purpose())
                    .causedBy(e));
        } catch (RuntimeException e) {
            fail(DeliveryException.of(Problem.DEFECT, "a watch broke down: " + e)
                    .causedBy(e));
        }
    }

    private void fail(DeliveryException failure) {
        if (!closed) {
            closed = true;
            sink.accept(new WatchEvent(WatchEvent.Type.FAILED, null, failure));
        }
    }

    private void emit(WatchEvent.Type type, @Nullable LiveObject object) {
        if (!closed) {
            sink.accept(new WatchEvent(type, object, null));
        }
    }

    /** Tells what is there, and what is there no longer; returns the version to follow from. */
    private String list() {
        var listing = client.list(
                subject.kind(), subject.namespace(), subject.labelSelector(), subject.fieldSelector(), false);
        var present = new LinkedHashMap<String, LiveObject>();
        for (var item : listing.items()) {
            LiveObject object = KubeCluster.live(subject.kind(), item);
            present.put(object.uid(), object);
        }
        List<LiveObject> gone = new ArrayList<>(known.values());
        gone.removeIf(object -> present.containsKey(object.uid()));
        known = present;
        gone.forEach(object -> emit(WatchEvent.Type.DELETED, object));
        present.values().forEach(object -> emit(WatchEvent.Type.PRESENT, object));
        return listing.resourceVersion();
    }

    /**
     * Tells the changes since a version, over as many connections as it takes, until the server has forgotten it.
     *
     * @return whether there were any
     */
    private boolean follow(String from) throws InterruptedException {
        String version = from;
        RetryPolicy.@Nullable Attempts attempts = null;
        boolean renewed = false;
        boolean any = false;
        while (!closed) {
            KubeRequest request = request(version);
            String authorization = client.connection().credentials().authorization();
            Call call = client.stream(request, authorization, SILENCE);
            current = call;
            if (closed) {
                break;
            }
            DeliveryException failure;
            Duration asked = null;
            String fault = "ends watches at once";
            long start = System.nanoTime();
            var round = new Round(version);
            try (Response response = call.execute()) {
                if (response.isSuccessful()) {
                    round.read(response.body().source());
                    failure = client.failures()
                            .unreachable(request, new IOException("the server ends every watch at once"));
                } else {
                    KubeAnswer answer = KubeAnswer.of(response);
                    if (answer.code() == 410) {
                        return any;
                    }
                    failure = client.failures().refused(request, answer);
                    if (answer.code() == 401
                            && !renewed
                            && client.connection().credentials().renew(authorization)) {
                        renewed = true;
                        continue;
                    }
                    if (!KubeFailures.isPassing(answer)) {
                        throw failure;
                    }
                    asked = answer.retryAfter();
                    fault = "answered " + answer.code();
                }
            } catch (IOException e) {
                failure = client.failures().unreachable(request, e);
                fault = KubeFailures.fault(e);
                if (!KubeFailures.isPassing(e)) {
                    throw failure;
                }
            }
            any |= round.heard;
            if (round.forgotten) {
                return any;
            }
            version = round.version;
            boolean held = round.heard || System.nanoTime() - start > HELD.toNanos();
            if (held) {
                renewed = false;
                attempts = null;
                if (round.complete) {
                    continue;
                }
            }
            if (attempts == null) {
                attempts = client.retries().begin();
            }
            // That a watch which held for a while breaks off is everyday life behind a load balancer.
            Runnable notice = held ? () -> {} : notice(fault, request);
            if (!closed && !attempts.pause(asked, notice)) {
                throw failure;
            }
        }
        return any;
    }

    private Runnable notice(String fault, KubeRequest request) {
        return () -> client.notices().tell(fault, request);
    }

    private KubeRequest request(String version) {
        return KubeRequest.ofCollection(Method.GET, "watch", subject.kind(), subject.namespace())
                .with("watch", true)
                .with("allowWatchBookmarks", true)
                .with("timeoutSeconds", ROUND.toSeconds())
                .with("resourceVersion", version)
                .with("labelSelector", subject.labelSelector())
                .with("fieldSelector", subject.fieldSelector());
    }

    /** The events of one connection. */
    private final class Round {

        private String version;
        private boolean heard;
        private boolean complete;
        private boolean forgotten;

        Round(String version) {
            this.version = version;
        }

        void read(BufferedSource events) throws IOException {
            for (String line = events.readUtf8Line(); line != null; line = events.readUtf8Line()) {
                var event = event(line);
                var object = Tree.map(event, "object");
                switch (Tree.text(event, "type")) {
                    case "ADDED", "MODIFIED" -> changed(KubeCluster.live(subject.kind(), object));
                    case "DELETED" -> deleted(KubeCluster.live(subject.kind(), object));
                    case "BOOKMARK" -> {}
                    default -> {
                        // ERROR with a Status: mostly that the version is too old; a new list is right for the rest
                        // too.
                        forgotten = true;
                        return;
                    }
                }
                heard = true;
                version = Tree.text(object, "metadata", "resourceVersion");
            }
            complete = true;
        }

        private Map<String, @Nullable Object> event(String line) throws IOException {
            try {
                return Tree.map(Json.read(line));
            } catch (DeliveryException e) {
                throw new IOException("the connection broke in the middle of an event", e);
            }
        }

        private void changed(LiveObject object) {
            known.put(object.uid(), object);
            emit(WatchEvent.Type.CHANGED, object);
        }

        private void deleted(LiveObject object) {
            known.remove(object.uid());
            emit(WatchEvent.Type.DELETED, object);
        }
    }
}
