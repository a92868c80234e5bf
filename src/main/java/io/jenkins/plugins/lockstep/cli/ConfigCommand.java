package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.ConfigResult;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep config ENV}. */
@Command(
        name = "config",
        description = "Load the revision's configuration of an environment into its ConfigMap, and nothing else.",
        footer = {"", "Examples:", "  lockstep config staging", "  lockstep config staging --revision v1.4"})
final class ConfigCommand extends OperationCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        ConfigResult result = delivery.loadConfig(project(revision), environment, target(), progress);
        print(
                result.toTree(),
                () -> line(
                        "configmap/%s %s in namespace %s",
                        result.configMap(), result.created() ? "created" : "unchanged", result.namespace()));
        return 0;
    }
}
