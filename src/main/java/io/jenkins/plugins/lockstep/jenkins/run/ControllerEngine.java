package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.jenkins.config.Configured;
import io.jenkins.plugins.lockstep.jenkins.config.Configured.UsableCluster;
import io.jenkins.plugins.lockstep.jenkins.config.ConnectFrom;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * The engine on the controller. It is given an environment without any variable of the controller's own, and a home in
 * which nobody keeps a kubeconfig or a Docker configuration: jobs must not release with what the controller may do.
 */
final class ControllerEngine {

    private ControllerEngine() {}

    static Delivery delivery(Map<String, RegistryLogin> logins, Progress notices) {
        Path home = Jenkins.get().getRootDir().toPath().resolve("caches").resolve("lockstep");
        String place = home.toString();
        return new DeliveryFactory(
                        Map.of("HOME", place, "XDG_CACHE_HOME", place, "DOCKER_CONFIG", place),
                        registry -> Optional.ofNullable(logins.get(registry)),
                        Set.of(),
                        Clock.systemUTC())
                .delivery(notices);
    }

    /** Returns where releases go; a cluster that is connected to from agents is refused. */
    static Target target(
            Configured configured, @Nullable String cluster, @Nullable String namespace, @Nullable Run<?, ?> run) {
        return new Target.Configured(name -> fromHere(configured.cluster(name, run)), cluster, namespace);
    }

    private static ClusterAccess fromHere(UsableCluster cluster) {
        if (cluster.from() == ConnectFrom.AGENT) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE,
                            "cluster '" + cluster.access().name() + "' is connected to from agents, not from here")
                    .hint("use a step in a workspace, or let Jenkins connect to it from the controller");
        }
        return cluster.access();
    }
}
