package io.jenkins.plugins.lockstep.deploy;

import java.util.List;

/**
 * What applying a plan and waiting for it gave.
 *
 * @param verdict how it ended
 * @param applied every object that is there because of the plan, the kept ones included; what was not reached is missing
 */
public record RolloutResult(Verdict verdict, List<InventoryItem> applied) {

    public RolloutResult {
        applied = List.copyOf(applied);
    }
}
