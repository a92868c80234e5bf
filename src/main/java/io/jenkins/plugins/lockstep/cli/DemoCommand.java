package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep demo}. */
@Command(
        name = "demo",
        description = {
            "Tell the whole story on a sample application: two commits, two releases, one bad commit that is refused"
                    + " or undone, one rollback. Every line comes from what really happens.",
            "",
            "Without options it needs Git alone: a directory stands in for registry and cluster. With a registry and a"
                    + " kubeconfig it runs on that cluster. (Inside of `src/testbed/testbed run` both are known.)"
        },
        footer = {
            "",
            "Examples:",
            "  lockstep demo",
            "  lockstep demo --keep /tmp/demo                       and look at what it made",
            "  src/testbed/testbed run -- ./lockstep demo           on a real cluster"
        })
final class DemoCommand implements Callable<Integer> {

    @ParentCommand
    LockstepCommand root;

    @Option(names = "--keep", paramLabel = "DIR", description = "Work in DIR, which must not exist, and leave it.")
    @Nullable
    Path keep;

    @Option(
            names = "--registry",
            paramLabel = "HOST[:PORT]",
            description = "Push to this registry (default: LOCKSTEP_TEST_REGISTRY, if set).")
    @Nullable
    String registry;

    @Option(
            names = "--base",
            paramLabel = "REF",
            description = "A base image with /bin/busybox (default: LOCKSTEP_TEST_BASE, or busybox).")
    @Nullable
    String base;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Deploy to this cluster (default: LOCKSTEP_TEST_KUBECONFIG, if set).")
    @Nullable
    Path kubeconfig;

    @Option(names = "--namespace", paramLabel = "NAME", description = "The namespace (default: the context's).")
    @Nullable
    String namespace;

    @Override
    public Integer call() throws InterruptedException {
        Path directory = workDirectory();
        try {
            return new DemoStory(root.shell, root.options, place(), directory).tell();
        } finally {
            if (keep == null) {
                delete(directory);
            }
        }
    }

    private DemoPlace place() {
        var variables = root.shell.variables();
        String chosenRegistry = registry != null ? registry : variables.get("LOCKSTEP_TEST_REGISTRY");
        String testKubeconfig = variables.get("LOCKSTEP_TEST_KUBECONFIG");
        Path chosenKubeconfig = kubeconfig != null
                ? root.shell.directory().resolve(kubeconfig)
                : testKubeconfig == null ? null : Path.of(testKubeconfig);
        boolean podsRun = kubeconfig != null || !"false".equals(variables.get("LOCKSTEP_TEST_NODE"));
        if ((chosenRegistry == null && chosenKubeconfig == null) || !podsRun) {
            return new DemoPlace(
                    "registry.example.com/demo/greeter", "scratch", false, List.of("--to", "dir:../target"));
        }
        if (chosenRegistry == null || chosenKubeconfig == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "a cluster without a registry, or the other way round")
                    .hint("give --registry and --kubeconfig, or neither");
        }
        String chosenBase = base != null ? base : variables.getOrDefault("LOCKSTEP_TEST_BASE", "busybox");
        var options = namespace == null
                ? List.of("--kubeconfig", chosenKubeconfig.toString())
                : List.of("--kubeconfig", chosenKubeconfig.toString(), "--namespace", namespace);
        return new DemoPlace(chosenRegistry + "/demo/greeter", chosenBase, true, options);
    }

    private Path workDirectory() {
        try {
            if (keep == null) {
                return Files.createTempDirectory("lockstep-demo-").toRealPath();
            }
            Path directory = root.shell.directory().resolve(keep);
            if (Files.exists(directory)) {
                throw DeliveryException.of(Problem.BAD_USAGE, "the directory exists")
                        .where(directory.toString())
                        .hint("name one that the demo can make");
            }
            return Files.createDirectories(directory).toRealPath();
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the demo can't make its directory")
                    .why(e.getMessage())
                    .causedBy(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            // Git writes its objects read-only, and Windows deletes no such file.
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                if (!file.delete() && file.setWritable(true)) {
                    file.delete();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
