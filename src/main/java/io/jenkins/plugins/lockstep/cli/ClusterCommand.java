package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.Target;
import picocli.CommandLine.Mixin;

/** What the commands share that look into a cluster or change it. */
abstract class ClusterCommand extends TargetCommand {

    @Mixin
    ClusterOptions clusterOptions = new ClusterOptions();

    @Override
    final Target target() {
        return clusterOptions.target(super.target(), root.shell.directory());
    }

    final Actor actor() {
        return new Actor(root.shell.user(), root.shell.variables().get("BUILD_URL"));
    }
}
