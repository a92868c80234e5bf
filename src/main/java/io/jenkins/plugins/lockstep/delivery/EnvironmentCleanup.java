package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Decision;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Sort;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Ledger.StoredChunk;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.Retention;
import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The clean-up of one environment: decide, then delete.
 *
 * <p>Used once, by one thread.
 */
final class EnvironmentCleanup {

    private static final String YOUNG = "younger than 24 hours";

    private final String app;
    private final String environment;
    private final Destination destination;
    private final EnvironmentLock.@Nullable Held lock;
    private final Retention retention;

    private final List<Decision> decisions = new ArrayList<>();
    private final List<Release> givenUp = new ArrayList<>();
    private final List<StoredChunk> unneededChunks = new ArrayList<>();
    private final Map<LiveObject, ServedKind> unneededObjects = new LinkedHashMap<>();
    private final Set<String> liveDigests = new HashSet<>();
    private List<Release> kept = List.of();
    private ReleaseLog log = new ReleaseLog(List.of());

    /**
     * @param lock null where nothing is to be deleted
     */
    EnvironmentCleanup(
            String app,
            String environment,
            Destination destination,
            EnvironmentLock.@Nullable Held lock,
            Retention retention) {
        this.app = app;
        this.environment = environment;
        this.destination = destination;
        this.lock = lock;
        this.retention = retention;
    }

    /** Reads all that there is, and decides. */
    void decide() {
        log = new ReleaseLog(destination.ledger().list());
        List<InventoryItem> inventory = destination.inventory(log);
        Map<LiveObject, ServedKind> immutable = immutable(inventory);
        Set<Set<String>> live = live(inventory, immutable.keySet());
        payloads(live);
        chunks();
        objects(immutable, inventory, live);
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    String name() {
        return environment;
    }

    /** Says which environment this is, and where. */
    String place() {
        return environment + " (" + destination.cluster().location() + ", namespace " + destination.namespace() + ")";
    }

    ReleaseLog log() {
        return log;
    }

    /** Returns the releases whose payload is kept. */
    List<Release> kept() {
        return kept;
    }

    /** Returns the digests that something which runs mentions. */
    Set<String> liveDigests() {
        return liveDigests;
    }

    /**
     * Makes sure that nobody else has the environment.
     *
     * @throws DeliveryException {@link Problem#LOCKED} where somebody has
     */
    void checkLock() {
        if (lock == null) {
            throw new IllegalStateException("nothing is deleted without the lock of " + environment);
        }
        lock.check();
    }

    /** Deletes what was decided on: first that anything needs it, then the thing itself. */
    void delete(Progress progress) {
        checkLock();
        for (Release release : givenUp) {
            if (destination.ledger().forget(release)) {
                progress.detail(environment + ": the payload of release " + release.number() + " is given up");
            }
        }
        // What somebody pinned meanwhile has kept its payload.
        Set<ChunkId> needed = destination.ledger().needed(Set.of());
        List<StoredChunk> chunks = unneededChunks.stream()
                .filter(chunk -> !needed.contains(chunk.id()))
                .toList();
        destination.ledger().delete(chunks, this::checkLock);
        unneededObjects.forEach((object, kind) -> {
            checkLock();
            destination.cluster().delete(kind, object.key(), object.uid());
        });
        progress.step(environment + ": " + givenUp.size() + " payloads, " + chunks.size() + " chunks and "
                + unneededObjects.size() + " ConfigMaps and Secrets collected");
    }

    private void payloads(Set<Set<String>> live) {
        var keeping = new ArrayList<Release>();
        for (Retention.Decision decision : retention.decide(log, live)) {
            (decision.kept() ? keeping : givenUp).add(decision.release());
            decide(Sort.PAYLOAD, "#" + decision.release().number(), decision.kept(), decision.reason());
        }
        kept = List.copyOf(keeping);
    }

    private void chunks() {
        Set<ChunkId> needed = destination
                .ledger()
                .needed(givenUp.stream().map(Release::number).collect(Collectors.toSet()));
        for (StoredChunk chunk : stored(needed)) {
            boolean isNeeded = needed.contains(chunk.id());
            boolean isYoung = isYoung(chunk.created());
            decide(
                    Sort.CHUNK,
                    chunk.id().hash().substring(0, 12),
                    isNeeded || isYoung,
                    isNeeded
                            ? "a release that is kept needs it"
                            : isYoung ? YOUNG : "no release that is kept needs it");
            if (!isNeeded && !isYoung) {
                unneededChunks.add(chunk);
            }
        }
    }

    /** Who may not look at Secrets has none in the ledger, as long as no release needs one. */
    private List<StoredChunk> stored(Set<ChunkId> needed) {
        var stored = new ArrayList<>(destination.ledger().chunks(false));
        try {
            stored.addAll(destination.ledger().chunks(true));
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_FORBIDDEN || needed.stream().anyMatch(ChunkId::secret)) {
                throw e;
            }
        }
        return stored;
    }

    private void objects(Map<LiveObject, ServedKind> immutable, List<InventoryItem> inventory, Set<Set<String>> live) {
        Set<String> mentioned = live.stream().flatMap(Set::stream).collect(Collectors.toSet());
        Set<String> created = inventory.stream()
                .filter(InventoryItem::created)
                .map(InventoryItem::uid)
                .collect(Collectors.toSet());
        var undecided = new LinkedHashMap<LiveObject, ServedKind>();
        immutable.forEach((object, kind) -> {
            Optional<String> reason = keeps(object, mentioned, created);
            if (reason.isPresent()) {
                decide(object, true, reason.get());
            } else {
                undecided.put(object, kind);
            }
        });
        // Summaries name the application's own ConfigMaps; what the releases rendered is read only for the rest.
        Set<ResourceKey> rendered =
                undecided.keySet().stream().allMatch(this::isNamedInSummaries) ? Set.of() : rendered();
        undecided.forEach((object, kind) -> {
            boolean needed = rendered.contains(object.key());
            decide(
                    object,
                    needed,
                    needed
                            ? "a release that is kept has it"
                            : "no release that is kept has it, and no pod or workload refers to it");
            if (!needed) {
                unneededObjects.put(object, kind);
            }
        });
    }

    /** Tells whether every release that has it says so in its summary. */
    private boolean isNamedInSummaries(LiveObject object) {
        return object.key().kind().equals("ConfigMap")
                && object.key().namespace().equals(destination.namespace())
                && ContentName.isOf(app, object.tree());
    }

    private Optional<String> keeps(LiveObject object, Set<String> mentioned, Set<String> created) {
        String name = object.key().name();
        Optional<Release> release = kept.stream()
                .filter(one -> one.configMaps().contains(name)
                        && object.key().namespace().equals(destination.namespace()))
                .findFirst();
        boolean isOurs = created.contains(object.uid())
                || (object.key().kind().equals("ConfigMap") && ContentName.isOf(app, object.tree()));
        if (!destination.cluster().limits().allow(object.key())) {
            return Optional.of(destination.cluster().limits().place() + " is not configured to have it deleted");
        }
        if (release.isPresent()) {
            return Optional.of("release #" + release.get().number() + " has it");
        }
        if (mentioned.contains(name)) {
            return Optional.of("a pod or a workload refers to it");
        }
        if (!isOurs) {
            return Optional.of("Lockstep did not create it");
        }
        String time = Tree.text(object.tree(), "metadata", "creationTimestamp");
        return time.isEmpty() || isYoung(Instant.parse(time)) ? Optional.of(YOUNG) : Optional.empty();
    }

    /** The immutable ConfigMaps and Secrets that the releases which are kept have. */
    private Set<ResourceKey> rendered() {
        var keys = new HashSet<ResourceKey>();
        for (Release release : kept) {
            destination.ledger().objects(release.number()).stream()
                    .map(RenderedObject::key)
                    .filter(EnvironmentCleanup::holdsConfiguration)
                    .forEach(keys::add);
        }
        return keys;
    }

    /** Lists what can't change and is labelled as this environment's. */
    private Map<LiveObject, ServedKind> immutable(List<InventoryItem> inventory) {
        var namespaces = new TreeSet<>(Set.of(destination.namespace()));
        var kinds = new LinkedHashSet<>(Set.of("ConfigMap"));
        for (InventoryItem item : inventory) {
            if (holdsConfiguration(item.key())) {
                namespaces.add(item.key().namespace());
                kinds.add(item.key().kind());
            }
        }
        String ours = Stamp.APP_LABEL + "=" + app + "," + Stamp.ENVIRONMENT_LABEL + "=" + environment;
        var found = new LinkedHashMap<LiveObject, ServedKind>();
        for (String name : kinds) {
            destination
                    .cluster()
                    .served("v1", name)
                    .ifPresent(kind ->
                            namespaces.forEach(namespace -> destination.cluster().list(kind, namespace, ours).stream()
                                    .filter(object -> Tree.isTrue(object.tree(), "immutable"))
                                    .forEach(object -> found.put(object, kind))));
        }
        return found;
    }

    private Set<Set<String>> live(List<InventoryItem> inventory, Set<LiveObject> immutable) {
        var namespaces = new TreeSet<>(Set.of(destination.namespace()));
        inventory.stream()
                .map(item -> item.key().namespace())
                .filter(namespace -> !namespace.isEmpty())
                .forEach(namespaces::add);
        var names = new HashSet<String>();
        immutable.forEach(object -> names.add(object.key().name()));
        log.releases().forEach(release -> names.addAll(release.configMaps()));
        Set<Set<String>> live = new LiveReferences(destination.cluster()).find(namespaces, inventory, names);
        live.forEach(
                one -> one.stream().filter(word -> word.startsWith("sha256:")).forEach(liveDigests::add));
        return live;
    }

    private static boolean holdsConfiguration(ResourceKey key) {
        return key.group().isEmpty()
                && (key.kind().equals("ConfigMap") || key.kind().equals("Secret"));
    }

    private boolean isYoung(Instant created) {
        return created.plus(Retention.YOUNGEST).isAfter(retention.now());
    }

    private void decide(LiveObject object, boolean keep, String reason) {
        Sort sort = object.key().kind().equals("Secret") ? Sort.SECRET : Sort.CONFIGMAP;
        decide(sort, object.key().name(), keep, reason);
    }

    private void decide(Sort sort, String name, boolean keep, String reason) {
        decisions.add(new Decision(environment, sort, name, keep, reason));
    }
}
