package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What every command that runs an operation shares: the surroundings, the registries, the report. */
abstract class OperationCommand implements Callable<Integer> {

    @ParentCommand
    LockstepCommand root;

    @Mixin
    RegistryOptions registryOptions = new RegistryOptions();

    @Option(names = "--report", paramLabel = "FILE", description = "Write the JSON document to FILE as well.")
    @Nullable
    Path report;

    @Override
    public final Integer call() throws InterruptedException {
        requireWritableReport();
        // A connection that is still open when the process ends costs a third of a second: Java waits for its reader.
        try (var progress = new ConsoleProgress(root.shell, root.options);
                var delivery = factory().delivery(progress)) {
            return run(delivery, progress);
        } catch (DeliveryException failure) {
            reportBeside(failure);
            throw failure;
        }
    }

    private DeliveryFactory factory() {
        var factory = new DeliveryFactory(root.shell.variables(), registryOptions.plainHttp);
        return root.warming == null ? factory : factory.after(root.warming);
    }

    /** Runs the operation, prints its result, and returns the exit code. */
    abstract int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException;

    final ProjectLocation project(@Nullable String revision) {
        return new ProjectLocation(
                root.shell.directory().resolve(root.options.directory), root.options.file, revision, repository());
    }

    /** Returns the image repository to use instead of the project file's, null for that. */
    @Nullable
    String repository() {
        return null;
    }

    final FailureReport failures() {
        return new FailureReport(root.shell, root.options);
    }

    /** Prints the document under {@code --json}, else the words; writes the report where one is wanted. */
    final void print(Map<String, ?> document, Runnable words) {
        // The report first: where it fails, its failure is the one document that is printed.
        writeReport(document);
        if (root.options.json) {
            root.shell.print(document);
        } else {
            words.run();
        }
    }

    /** Finds a mistyped path before anything is released. */
    private void requireWritableReport() {
        if (report == null) {
            return;
        }
        Path file = root.shell.directory().resolve(report);
        Path parent = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw unwritable(file).why("it is a directory");
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw unwritable(file).why("there is no directory " + parent);
        }
        if (Files.exists(file) ? !Files.isWritable(file) : parent != null && !Files.isWritable(parent)) {
            throw unwritable(file).why("you may not write there");
        }
    }

    private void writeReport(Map<String, ?> document) {
        if (report != null) {
            Path file = root.shell.directory().resolve(report);
            try {
                Files.writeString(file, Json.writePretty(document) + System.lineSeparator());
            } catch (IOException e) {
                throw unwritable(file).why(e.getMessage()).causedBy(e);
            }
        }
    }

    /** Reports a failure too: whoever reads the file must not take an earlier run's for this one's. */
    private void reportBeside(DeliveryException failure) {
        try {
            writeReport(Map.of("error", FailureReport.tree(failure)));
        } catch (DeliveryException unwritable) {
            failure.addSuppressed(unwritable);
        }
    }

    private static DeliveryException unwritable(Path file) {
        return DeliveryException.of(Problem.BAD_USAGE, "the report can't be written")
                .where(file.toString())
                .hint("name a file in a directory that exists");
    }

    final void line(String format, Object... values) {
        root.shell.out().printf(format + "%n", values);
    }
}
