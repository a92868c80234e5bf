package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy needs of a cluster, or of the directory that stands in for one.
 *
 * <p>Implementations are thread-safe and send each request once; passing faults are retried within a budget by them.
 * Every method throws {@link DeliveryException}: {@link Problem#CLUSTER_UNAVAILABLE}, {@link Problem#CLUSTER_FORBIDDEN},
 * {@link Problem#CLUSTER_REJECTED}, or {@link Problem#INTERRUPTED} where the thread is interrupted.
 */
public interface Cluster extends AutoCloseable {

    /** The field manager of everything but the replica count. */
    String MANAGER = "lockstep";

    /** The field manager of the replica count. */
    String REPLICAS_MANAGER = "lockstep-replicas";

    /** Returns what messages call it, for example {@code https://10.0.0.1:6443}; never with credentials. */
    String location();

    /** Returns the namespace of the kubeconfig context, {@code default} where it names none. */
    String defaultNamespace();

    /**
     * Returns what may be written here by who configured the cluster. What {@link #apply}, {@link #assignFields} and
     * {@link #delete} are given is held to it once more.
     */
    default WriteLimits limits() {
        return WriteLimits.NONE;
    }

    /** Tells whether there is anything to wait for: a directory runs no pods. */
    boolean runsPods();

    /**
     * Looks a kind up by discovery.
     *
     * @return empty where the server does not serve it
     */
    Optional<ServedKind> served(String apiVersion, String kind);

    /**
     * Tells whether whoever asks may do something with the objects of a kind; the question changes nothing.
     *
     * @param verb the API's word: {@code patch}, {@code create}, {@code delete}
     * @param namespace empty for cluster-scoped kinds
     */
    boolean allowed(String verb, ServedKind kind, String namespace);

    /** Tells whether the namespace exists and is not being deleted. */
    boolean hasNamespace(String namespace);

    /**
     * Lists a kind with one logical request (in pages where it is large). Objects of the ledger are left out.
     *
     * @param namespace empty for cluster-scoped kinds, or for all namespaces
     * @param labelSelector in the API's syntax, null for all
     */
    List<LiveObject> list(ServedKind kind, String namespace, @Nullable String labelSelector);

    /** Reads one object. */
    Optional<LiveObject> get(ServedKind kind, ResourceKey key);

    /**
     * Applies an object on the server's side.
     *
     * @param object the whole apply set of {@code manager}
     * @throws DeliveryException {@link Problem#FIELD_CONFLICT} where fields belong to others and {@code force} is not
     *     set: which fields, whose; {@link Problem#CLUSTER_REJECTED} with the API server's own words otherwise
     */
    Applied apply(ServedKind kind, ResourceKey key, Map<String, @Nullable Object> object, ApplyMode mode);

    /**
     * How an apply is done.
     *
     * @param manager the field manager
     * @param force takes fields that belong to others
     * @param dryRun asks the server without changing anything
     */
    record ApplyMode(String manager, boolean force, boolean dryRun) {}

    /**
     * What an apply gave.
     *
     * @param object as it is now, or as it would be
     * @param warnings the API server's own, in its words
     */
    record Applied(LiveObject object, List<String> warnings) {}

    /**
     * Rewrites which manager has which field, if nobody has changed the object since it was read; the values stay as they
     * are. Where a cluster keeps no books of others there is nothing to rewrite, and this is what happens by default.
     *
     * @param read the object as it was read
     * @param managedFields all entries of {@code metadata.managedFields}
     * @return the object as it is now; empty where it has changed meanwhile
     */
    default Optional<LiveObject> assignFields(ServedKind kind, LiveObject read, List<?> managedFields) {
        return Optional.of(read);
    }

    /**
     * Deletes an object in the background if it still has that UID; one that is gone already is no failure.
     *
     * @param uid the only incarnation that may be deleted
     */
    void delete(ServedKind kind, ResourceKey key, String uid);

    /**
     * Watches a kind: first every object that is there, as {@link WatchEvent.Type#PRESENT}, then each change. The watch
     * is kept up through closed connections and {@code 410 Gone}, where the objects that are there come again and those
     * that went meanwhile as {@link WatchEvent.Type#DELETED}.
     *
     * @param namespace empty for cluster-scoped kinds
     * @param sink called from one thread of the watch at a time, and must return quickly; a failure that retries could
     *     not mend comes as {@link WatchEvent.Type#FAILED}, once, and ends the watch
     */
    Watch watch(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            @Nullable String fieldSelector,
            Consumer<WatchEvent> sink);

    /** A running watch; closing it ends it and may be done more than once. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A change that a watch saw.
     *
     * @param type what happened
     * @param object null where {@code type} is {@link Type#FAILED} or {@link Type#SYNCED}
     * @param failure null where {@code type} is not {@link Type#FAILED}
     */
    record WatchEvent(Type type, @Nullable LiveObject object, @Nullable DeliveryException failure) {

        /** What happened to the object. */
        public enum Type {
            PRESENT,
            /** All objects that were there at the start have come as {@link #PRESENT}. */
            SYNCED,
            CHANGED,
            DELETED,
            FAILED
        }
    }

    /**
     * Reads the end of a container's log.
     *
     * @param previous the instance before the current one
     * @param lines how many at most
     * @return empty where there is no such log (any more)
     */
    List<String> logTail(String namespace, String pod, String container, boolean previous, int lines);

    @Override
    void close();
}
