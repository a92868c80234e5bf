package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.ImportRequest;
import io.jenkins.plugins.lockstep.delivery.ImportResult;
import io.jenkins.plugins.lockstep.delivery.ImportResult.ImportedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep import KIND/NAME…}. */
@Command(
        name = "import",
        description = "Write manifests of running objects, without what the server and its controllers put there."
                + " Changes nothing in the cluster. Secrets are left out.",
        footer = {
            "",
            "Examples:",
            "  lockstep import deployment/cart --related",
            "  lockstep import deployment/cart service/cart configmap/cart --namespace shop",
            "  lockstep import cronjob/report --output -",
            "  lockstep import Certificate.v1.cert-manager.io/shop --environment production"
        })
final class ImportCommand extends ClusterCommand {

    @Parameters(
            paramLabel = "KIND/NAME",
            arity = "1..*",
            description = "The objects; the kind as kubectl takes it, for custom resources KIND.VERSION.GROUP.")
    List<String> objects = List.of();

    @Option(
            names = "--environment",
            paramLabel = "ENV",
            description = "Look in the cluster and the namespace of this environment of the project file.")
    @Nullable
    String environment;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to write, - for standard output (default: the project's manifests, or else deploy).")
    @Nullable
    String output;

    @Option(
            names = "--related",
            description =
                    "Import what belongs to the workloads too: ConfigMaps, Services, Ingresses, the autoscaler, the"
                            + " service account, claims, disruption budgets.")
    boolean related;

    @Option(names = "--with-secrets", description = "Let Secrets be imported, with their values.")
    boolean withSecrets;

    @Option(names = "--force", description = "Replace files that are there.")
    boolean force;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        boolean toOutput = !"-".equals(output);
        ImportResult result = delivery.importObjects(
                new ImportRequest(
                        project(null),
                        objects,
                        target(),
                        environment,
                        output == null || !toOutput ? null : Path.of(output),
                        toOutput,
                        new ImportRequest.Settings(related, withSecrets, force)),
                progress);
        progress.close();
        print(result.toTree(), () -> {
            if (toOutput) {
                words(result);
            } else {
                String text = String.join(
                        "---\n", result.files().stream().map(ImportedFile::text).toList());
                root.shell.out().print(text);
                result.notes().forEach(note -> root.shell.err().println("note: " + note));
            }
        });
        return 0;
    }

    private void words(ImportResult result) {
        for (ImportedFile file : result.files()) {
            line("%-9s %s   %s", file.status().name().toLowerCase(Locale.ROOT), file.path(), file.objectName());
        }
        result.notes().forEach(note -> line("note: %s", note));
    }
}
