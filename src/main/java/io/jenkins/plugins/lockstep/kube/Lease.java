package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.Claim;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Lease of an environment as it was read, and how it is changed: who holds it, and who waits for it. Immutable; a
 * change is a copy that carries the version that it replaces.
 *
 * <p>Those who wait say so in annotations, one each, and renew them as a holder renews the lease. What others keep in
 * its metadata stays.
 */
record Lease(Map<String, @Nullable Object> tree) {

    static final ServedKind KIND = new ServedKind("coordination.k8s.io/v1", "Lease", "leases", true);

    private static final String HOLDER = "lockstep.io/holder";
    private static final String WAITER = "lockstep.io/waits-";

    /** What a Lease's times are written in: microseconds, always six digits. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int SHORT_ID = 12;

    /**
     * Someone who holds the lease or waits for it.
     *
     * @param by who, for people
     * @param revision what is released; empty where it is not known
     * @param rollback whether that is a rollback
     * @param over the ids of those whose revision is older than this one, as far as this one's repository knows
     * @param beat changes while it lives
     */
    record Claimant(String by, String revision, boolean rollback, Set<String> over, int beat) {

        static Claimant of(Claim claim, Set<String> over, int beat) {
            return new Claimant(claim.by(), claim.revision(), claim.rollback(), over, beat);
        }

        String words() {
            return revision.isEmpty()
                    ? by
                    : by + (rollback ? ", who rolls back to revision " : ", who releases revision ") + shortRevision();
        }

        String shortRevision() {
            return revision.substring(0, Math.min(SHORT_ID, revision.length()));
        }

        private Map<String, @Nullable Object> toTree() {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("by", by);
            tree.put("revision", revision);
            tree.put("rollback", rollback);
            tree.put("over", List.copyOf(over));
            tree.put("beat", beat);
            return tree;
        }

        /** Reads what {@link #toTree} wrote; somebody's odd annotation is somebody of whom nothing is known. */
        private static Claimant read(String text) {
            Object tree;
            try {
                tree = Json.read(text);
            } catch (DeliveryException e) {
                tree = Map.of();
            }
            return new Claimant(
                    Tree.text(tree, "by"),
                    Tree.text(tree, "revision"),
                    Tree.isTrue(tree, "rollback"),
                    Tree.list(tree, "over").stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet()),
                    Tree.integer(0, tree, "beat"));
        }
    }

    /** Returns a lease that nobody ever held and that is not there yet. */
    static Lease absent(String namespace, String name) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", name);
        metadata.put("namespace", namespace);
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", KIND.apiVersion());
        tree.put("kind", KIND.kind());
        tree.put("metadata", metadata);
        return new Lease(tree);
    }

    boolean isAbsent() {
        return Tree.text(tree, "metadata", "resourceVersion").isEmpty();
    }

    /** Returns who holds it, empty where nobody does. */
    String holder() {
        return Tree.text(tree, "spec", "holderIdentity");
    }

    boolean isFree() {
        return holder().isEmpty();
    }

    /** Returns how often it had changed hands when its holder took it. */
    int turn() {
        return Tree.integer(-1, tree, "spec", "leaseTransitions");
    }

    /** Returns how long its holder wants it to last without being renewed. */
    Duration length() {
        int seconds = Tree.integer(0, tree, "spec", "leaseDurationSeconds");
        return seconds > 0 ? Duration.ofSeconds(seconds) : LeaseTerms.DEFAULT.length();
    }

    /** Returns something that changes whenever its holder changes or renews it, and not when others wait. */
    String life() {
        return holder() + " " + turn() + " " + Tree.text(tree, "spec", "renewTime");
    }

    /** Says who holds it, since when, and what for. */
    String holderInWords() {
        Claimant claimant = claimant();
        String since = Tree.text(tree, "spec", "acquireTime");
        return (claimant == null || claimant.by().isEmpty() ? person(holder()) : claimant.words())
                + (since.length() < 19 ? "" : ", since " + since.substring(0, 19) + "Z");
    }

    /** Returns the claim of its holder, null where it left none. */
    @Nullable
    Claimant claimant() {
        return Tree.at(tree, "metadata", "annotations", HOLDER) instanceof String text ? Claimant.read(text) : null;
    }

    /** Returns those who wait, by id. */
    Map<String, Claimant> waiters() {
        var waiters = new TreeMap<String, Claimant>();
        Tree.map(tree, "metadata", "annotations").forEach((key, value) -> {
            if (key.startsWith(WAITER) && value instanceof String text) {
                waiters.put(key.substring(WAITER.length()), Claimant.read(text));
            }
        });
        return waiters;
    }

    /** Returns a copy that somebody new holds. */
    Lease takenBy(String identity, Claimant claimant, Duration length, Instant now) {
        var spec = new LinkedHashMap<String, @Nullable Object>();
        spec.put("holderIdentity", identity);
        spec.put("leaseDurationSeconds", Math.toIntExact(length.toSeconds()));
        spec.put("leaseTransitions", turn() + 1);
        spec.put("acquireTime", MICRO_TIME.format(now));
        spec.put("renewTime", MICRO_TIME.format(now));
        return with(spec).annotated(HOLDER, Json.write(claimant.toTree()));
    }

    /** Returns a copy that its holder has renewed. */
    Lease renewed(Instant now) {
        Map<String, @Nullable Object> spec = Tree.map(tree, "spec");
        spec.put("renewTime", MICRO_TIME.format(now));
        return with(spec);
    }

    /** Returns a copy that nobody holds. */
    Lease released(Instant now) {
        Map<String, @Nullable Object> spec = Tree.map(tree, "spec");
        spec.put("holderIdentity", "");
        spec.put("renewTime", MICRO_TIME.format(now));
        spec.remove("acquireTime");
        return with(spec).annotated(HOLDER, null);
    }

    /** Returns a copy for which somebody waits. */
    Lease awaitedBy(String id, Claimant claimant) {
        return annotated(WAITER + id, Json.write(claimant.toTree()));
    }

    /** Returns a copy for which somebody no longer waits. */
    Lease without(String id) {
        return annotated(WAITER + id, null);
    }

    private Lease with(Map<String, @Nullable Object> spec) {
        var changed = new LinkedHashMap<>(tree);
        changed.put("spec", spec);
        return new Lease(changed);
    }

    private Lease annotated(String key, @Nullable String value) {
        Map<String, @Nullable Object> annotations = Tree.map(tree, "metadata", "annotations");
        if (value == null) {
            annotations.remove(key);
        } else {
            annotations.put(key, value);
        }
        Map<String, @Nullable Object> metadata = Tree.map(tree, "metadata");
        metadata.remove("managedFields");
        metadata.put("annotations", annotations);
        var changed = new LinkedHashMap<>(tree);
        changed.put("metadata", metadata);
        return new Lease(changed);
    }

    private static String person(String identity) {
        int space = identity.lastIndexOf(' ');
        return space < 0 ? identity : identity.substring(0, space);
    }
}
