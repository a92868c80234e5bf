package io.jenkins.plugins.lockstep.deploy;

import java.util.List;

/**
 * What applying a plan and waiting for it gave.
 *
 * <p>The inventory that a ledger keeps is {@code applied} and, after a good verdict, what {@link Pruner#prune} returns;
 * after a bad one {@link Plan#undesired()}.
 *
 * @param verdict how it ended
 * @param applied every object of the release that is known to be there: applied, kept, or not reached but there from an
 *     earlier release
 */
public record RolloutResult(Verdict verdict, List<InventoryItem> applied) {

    public RolloutResult {
        applied = List.copyOf(applied);
    }
}
