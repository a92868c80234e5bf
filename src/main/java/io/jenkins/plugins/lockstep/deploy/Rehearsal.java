package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import java.util.Objects;

/**
 * What the API server says to a plan before anything is written.
 *
 * @param plan the plan, where what the server finds unchanged is kept
 * @param details one for each change of the plan, in its order
 */
public record Rehearsal(Plan plan, List<ChangeDetail> details) {

    public Rehearsal {
        details = List.copyOf(details);
    }

    /** Returns why a deploy could not do what is planned; empty where the server would take everything. */
    public List<DeliveryException> refusals() {
        return details.stream()
                .map(ChangeDetail::refusal)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Makes sure that the server would take everything.
     *
     * @throws DeliveryException with the cluster's own words: {@link Problem#FIELD_CONFLICT},
     *     {@link Problem#CLUSTER_REJECTED} or {@link Problem#CLUSTER_FORBIDDEN}; what else is refused stands behind the first
     */
    public void requireAccepted() {
        List<DeliveryException> refusals = refusals();
        if (refusals.isEmpty()) {
            return;
        }
        DeliveryException first = refusals.get(0);
        var why = new StringBuilder(first.why() == null ? "" : first.why());
        refusals.stream().skip(1).forEach(other -> why.append(why.isEmpty() ? "" : "\n")
                .append("also: ")
                .append(other.getMessage()));
        throw first.why(why.isEmpty() ? null : why.toString());
    }
}
