package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;
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
     * Begins a release: stores its objects, then takes the next free number by creating its entry.
     *
     * @param draft the release; its number is ignored
     * @param objects what it renders, complete; what the ledger has already is not stored again
     * @return the draft with its number
     */
    Release begin(Release draft, List<RenderedObject> objects);

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
}
