package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import io.jenkins.plugins.lockstep.delivery.ClusterLookup;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that an operation on an agent may need, with their credentials: those alone that are connected to from
 * agents. It crosses to the agent and is nowhere stored.
 */
final class AgentClusters implements ClusterLookup, Serializable {

    private static final String DEFAULT = "";
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, ClusterAccess> clusters = new LinkedHashMap<>();

    /** @param clusters by name; the default one by null */
    AgentClusters(Map<@Nullable String, ClusterAccess> clusters) {
        clusters.forEach((name, access) -> this.clusters.put(name == null ? DEFAULT : name, access));
    }

    @Override
    public ClusterAccess find(@Nullable String name) {
        ClusterAccess found = clusters.get(name == null ? DEFAULT : name);
        if (found == null) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE,
                            (name == null ? "the default cluster" : "cluster '" + name + "'")
                                    + " can't be reached from the agent")
                    .why("Jenkins does not let it be used here, or connects to it from the controller")
                    .hint("let both environments use clusters that are connected to from the same side");
        }
        return found;
    }

    @Override
    public String toString() {
        return "AgentClusters" + clusters.keySet();
    }
}
