package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import io.jenkins.plugins.lockstep.image.BaseRegistry;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryProbe;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens what the operations work on; {@code DeliveryFactory} has the only implementation outside of tests. */
interface Connections extends AutoCloseable {

    RepositoryFinder repositories();

    /** Opens the store that images are pushed to and looked up in. */
    ImageStore images(Target target);

    /** Opens the registries that base images come from. */
    BaseRegistry bases();

    /** Opens a target's cluster, for reading. */
    Cluster cluster(Target target);

    /** Looks at a cluster for someone who waits for it, without trying anything again. */
    ServerProbe probe(ClusterAccess cluster, Duration limit);

    /** Looks at a registry in the same way. */
    RegistryProbe probe(String registry, @Nullable RegistryLogin login, Duration limit);

    /** Opens the place where an environment of an application lives. */
    Destination destination(Target target, String app, Environment environment);

    /** Closes what is kept for the next operation. */
    @Override
    default void close() {}
}
