package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.ConfigResult;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.EffectiveConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep config ENV}. */
@Command(
        name = "config",
        description = "Load the revision's configuration of an environment into its ConfigMap, and nothing else."
                + " With --show: print it, with where each part comes from.",
        footer = {
            "",
            "Examples:",
            "  lockstep config staging",
            "  lockstep config staging --revision v1.4",
            "  lockstep config production --show            writes nothing, needs no cluster",
            "  lockstep config production --show --json | jq '.keys[] | {key, file, line}'"
        })
final class ConfigCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Option(
            names = "--show",
            description = "Print the effective configuration and settings, each with the file and line that it comes"
                    + " from and what it overrides; write nothing. Long values are cut unless --verbose.")
    boolean show;

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        if (show) {
            return show(delivery, progress);
        }
        if (projects.several()) {
            return severally(
                    delivery,
                    progress,
                    projects,
                    revision,
                    found -> found.loadConfig(environment, target(), projects.concurrency(), progress),
                    new SeveralProjects.Summary<>(ConfigResult::toTree, ConfigCommand::outcome, this::words));
        }
        ConfigResult result = delivery.loadConfig(project(revision), environment, target(), progress);
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private int show(Delivery delivery, ConsoleProgress progress) {
        var outcome = new ConfigOutcome(this, root.options.verbose);
        if (projects.several()) {
            return severally(
                    delivery,
                    progress,
                    projects,
                    revision,
                    found -> found.explainConfig(environment, projects.concurrency(), progress),
                    new SeveralProjects.Summary<>(EffectiveConfig::toTree, ConfigOutcome::counted, outcome::words));
        }
        EffectiveConfig config = delivery.explainConfig(project(revision), environment);
        print(config.toTree(), () -> outcome.words(config));
        return 0;
    }

    private void words(ConfigResult result) {
        line("configmap/%s %s in namespace %s", result.configMap(), outcome(result), result.namespace());
    }

    private static String outcome(ConfigResult result) {
        return result.created() ? "created" : "unchanged";
    }
}
