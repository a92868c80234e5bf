package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.image.BaseRegistry;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;

/** Opens what the operations work on; {@code DeliveryFactory} has the only implementation outside of tests. */
interface Connections {

    RepositoryFinder repositories();

    /** Opens the store that images are pushed to and looked up in. */
    ImageStore images(Target target);

    /** Opens the registries that base images come from. */
    BaseRegistry bases();

    /** Opens a target's cluster, for reading. */
    Cluster cluster(Target target);

    /** Opens the place where an environment of an application lives. */
    Destination destination(Target target, String app, Environment environment);
}
