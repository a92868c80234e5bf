package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.ChangeDetail;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;

/**
 * One change of a saved plan.
 *
 * @param operation what is done
 * @param key the object
 * @param fields the fields that get another value, with the value that was live; empty for other operations than
 *     {@link Operation#CONFIGURE}, whose outcome the bundled object says. Without replica counts, which autoscalers change
 */
public record PlannedChange(Operation operation, ResourceKey key, List<FieldChange> fields) {

    private static final String REPLICAS = "spec.replicas";

    public PlannedChange {
        fields = List.copyOf(fields);
    }

    /** Takes from a rehearsed change what must still hold when it is made. */
    public static PlannedChange of(ChangeDetail detail) {
        Operation operation = detail.change().operation();
        return new PlannedChange(
                operation,
                detail.change().key(),
                operation != Operation.CONFIGURE
                        ? List.of()
                        : detail.fields().stream()
                                .filter(field -> !field.path().equals(REPLICAS))
                                .toList());
    }
}
