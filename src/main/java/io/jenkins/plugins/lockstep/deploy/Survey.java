package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.List;
import java.util.Set;

/**
 * A plan, and what it could not see.
 *
 * @param plan what could be planned
 * @param refusals why a deploy would not begin: kinds that are not served, namespaces that are missing, kinds that may not
 *     be listed; objects of such kinds are not in the plan
 * @param missingNamespaces nothing can be created in them
 */
public record Survey(Plan plan, List<DeliveryException> refusals, Set<String> missingNamespaces) {

    public Survey {
        refusals = List.copyOf(refusals);
        missingNamespaces = Set.copyOf(missingNamespaces);
    }
}
