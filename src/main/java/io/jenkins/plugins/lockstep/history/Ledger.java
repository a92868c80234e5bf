package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The releases of one application in one environment, kept in the cluster (or in the target directory).
 *
 * <p>Implementations are thread-safe and hold no state of their own: two processes see the same ledger. Every method
 * throws {@link DeliveryException} as {@code Cluster} does.
 */
public interface Ledger {

    /** Returns all releases, newest first, from metadata alone. */
    List<Release> list();

    /**
     * Returns what most questions are about, from metadata alone, without reading all releases where there are many: see
     * {@link ReleaseLog#of}.
     */
    default Recent recent() {
        return Recent.all(list());
    }

    /**
     * The newest releases.
     *
     * @param releases newest first, without a gap: none that the ledger has is left out in between
     * @param unfinished those that are older and have not ended
     * @param complete whether there are no older ones
     */
    record Recent(List<Release> releases, List<Release> unfinished, boolean complete) {

        /** Returns what was read of a ledger as a whole. */
        public static Recent all(List<Release> releases) {
            return new Recent(releases, List.of(), true);
        }
    }

    /** Returns the release of a number, if there is one. */
    default Optional<Release> find(int number) {
        return list().stream().filter(release -> release.number() == number).findFirst();
    }

    /** Returns the releases of one revision, newest first. */
    default List<Release> ofRevision(String revision) {
        return list().stream()
                .filter(release -> release.revision().equals(revision))
                .toList();
    }

    /**
     * Begins a release: stores its objects, then takes the next free number by creating its entry.
     *
     * @param draft the release; its number is ignored
     * @param objects what it renders, complete; what the ledger has already is not stored again
     * @return the draft with its number
     */
    Release begin(Release draft, List<RenderedObject> objects);

    /**
     * Notes of a release that began, and has not ended, what became of it so far: a compare-and-swap on its entry.
     *
     * @throws DeliveryException {@link Problem#LOCKED} as {@link #finish} does
     */
    void note(Release release);

    /**
     * Ends a release that began: a compare-and-swap on its entry.
     *
     * @param release as it ended, with its verdict
     * @param inventory what it left in the cluster
     * @throws DeliveryException {@link Problem#LOCKED} where someone else has ended it meanwhile, for example as crashed
     */
    void finish(Release release, List<InventoryItem> inventory);

    /**
     * Reads back what a release rendered, byte for byte as it began.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the objects are no longer kept, or do not match their hash
     */
    List<RenderedObject> objects(int number);

    /** Reads what a release left in the cluster; empty where it never ended. */
    List<InventoryItem> inventory(int number);

    /**
     * Reads what people said about holding the environment.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is damaged
     */
    HoldNotes holdNotes();

    /**
     * Changes what people said about holding the environment: a compare-and-swap.
     *
     * @param change makes the new notes of the stored ones; called again where someone else was quicker
     * @return what is stored now
     */
    HoldNotes noteHold(UnaryOperator<HoldNotes> change);

    /**
     * Pins a release, or ends that: a compare-and-swap on its entry.
     *
     * @param pinned whether its payload is kept whatever else says
     * @return the release as it is then
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is no such release
     */
    Release pin(int number, boolean pinned);

    /**
     * Gives the payload of a release up: its entry no longer says where its objects are. The summary stays, for ever.
     *
     * @param release as it was listed; one that changed since, because somebody pinned or ended it, is left as it is
     * @return false where it was left
     */
    boolean forget(Release release);

    /**
     * Returns every chunk that some release needs, whoever's release it is: those of other environments, too, where they
     * share one store.
     *
     * @param without numbers of releases of this environment that do not count
     */
    Set<ChunkId> needed(Set<Integer> without);

    /**
     * Lists the chunks that are stored, from metadata alone.
     *
     * @param secret which of the two sorts
     */
    List<StoredChunk> chunks(boolean secret);

    /**
     * Deletes chunks that no release needs. The caller holds the environment's lock.
     *
     * @param chunks as they were listed; only those incarnations are deleted, and one that is gone already is no failure
     * @param check run now and then in between; what it throws ends the work
     */
    void delete(List<StoredChunk> chunks, Runnable check);

    /**
     * A chunk that is stored.
     *
     * @param id its name
     * @param created when it was stored
     * @param incarnation what tells it from one of the same name that was stored again
     */
    record StoredChunk(ChunkId id, Instant created, String incarnation) {}
}
