package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a real API server (1.20) answered once, played to a {@link ClusterView} at the times that a test wants. */
final class Recorded {

    private final ClusterView view;
    private final Set<ResourceKey> wanted;
    private Duration now = Duration.ZERO;

    private Recorded(Set<ResourceKey> wanted) {
        this.wanted = wanted;
        // The view is fed by hand: no cluster is ever asked.
        this.view = new ClusterView(null, wanted, () -> now);
    }

    /** Starts at time zero with pods that are new, as after an apply. */
    static Recorded newPods(String file) throws InterruptedException {
        return of(file).begin().play(file);
    }

    /** Starts at time zero with pods that were there before the rollout began. */
    static Recorded oldPods(String file) throws InterruptedException {
        return of(file).play(file).begin();
    }

    /** Starts at time zero with nothing seen and nothing begun. */
    static Recorded of(String file) {
        return new Recorded(objects(file, "objects").stream()
                .map(LiveObject::key)
                .filter(key -> !key.kind().equals("Pod") && !key.kind().equals("ReplicaSet"))
                .collect(Collectors.toSet()));
    }

    Recorded begin() throws InterruptedException {
        view.begin(Duration.ZERO);
        return this;
    }

    Recorded after(Duration time) {
        now = now.plus(time);
        return this;
    }

    Recorded play(String file) {
        for (String part : List.of("objects", "events")) {
            for (LiveObject object : objects(file, part)) {
                play(object);
            }
        }
        return this;
    }

    Recorded play(LiveObject object) {
        return see(WatchEvent.Type.CHANGED, object);
    }

    Recorded deleted(LiveObject object) {
        return see(WatchEvent.Type.DELETED, object);
    }

    private Recorded see(WatchEvent.Type type, LiveObject object) {
        var kind = new ServedKind(object.apiVersion(), object.key().kind(), "", true);
        view.accept("recorded", kind, new WatchEvent(type, object, null));
        return this;
    }

    RolloutState judged(Set<ResourceKey> immutable) {
        return judge(immutable).judge(expected(), view.snapshot());
    }

    RolloutState judged(Expected expected) {
        return judge(Set.of()).judge(expected, view.snapshot());
    }

    RolloutState judged() {
        return judged(Set.of());
    }

    Verdict late() {
        Snapshot snapshot = view.snapshot();
        RolloutJudge judge = judge(Set.of());
        return judge.late(expected(), judge.judge(expected(), snapshot), snapshot, Duration.ofMinutes(10))
                .verdict();
    }

    List<LiveObject> stuckPods() {
        return RolloutJudge.stuckPods(expected(), view.snapshot(), true);
    }

    /** Returns those that a deploy of something new deletes. */
    List<LiveObject> stuckPodsOnTheWayForward() {
        return RolloutJudge.stuckPods(expected(), view.snapshot(), false);
    }

    private RolloutJudge judge(Set<ResourceKey> immutable) {
        return new RolloutJudge(Graces.DEFAULT, immutable);
    }

    Expected expected() {
        ResourceKey key = wanted.iterator().next();
        LiveObject live = view.snapshot().objects().get(key);
        return Expected.of(new ServedKind(live.apiVersion(), key.kind(), "", true), live);
    }

    /** Reads the objects of a file; they may be changed. */
    static List<LiveObject> objects(String file, String part) {
        String resource = "snapshots/" + file + ".json";
        try (InputStream stream = Recorded.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("no " + resource);
            }
            Object tree = Json.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            var objects = new ArrayList<LiveObject>();
            for (Object item : Tree.list(tree, part)) {
                objects.add(live(item));
            }
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LiveObject live(Object item) {
        String apiVersion = Tree.text(item, "apiVersion");
        return new LiveObject(
                apiVersion,
                new ResourceKey(
                        ResourceKey.groupOf(apiVersion),
                        Tree.text(item, "kind"),
                        Tree.text(item, "metadata", "namespace"),
                        Tree.text(item, "metadata", "name")),
                Tree.map(item));
    }
}
