package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.InitRequest;
import io.jenkins.plugins.lockstep.delivery.InitResult;
import io.jenkins.plugins.lockstep.scaffold.ProjectDraft;
import io.jenkins.plugins.lockstep.scaffold.ScaffoldOptions;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep init}. */
@Command(
        name = "init",
        description =
                "Look at this repository and write a project file that fits it. Knows Maven, Gradle, Go and Node.js"
                        + " projects, static files, and the manifests, chart or kustomization beside them. Changes no other file.",
        footer = {
            "",
            "Examples:",
            "  lockstep init",
            "  lockstep init --dry-run",
            "  lockstep init --repository registry.example.com/shop/cart --environment staging,production",
            "  lockstep init -C services/cart --app cart"
        })
final class InitCommand implements Callable<Integer> {

    @ParentCommand
    LockstepCommand root;

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application's name (default: what its build or its directory is called).")
    @Nullable
    String app;

    @Option(
            names = "--repository",
            paramLabel = "REF",
            description = "Where images are pushed (default: what the manifests name, or the Git host's own registry).")
    @Nullable
    String repository;

    @Option(names = "--base", paramLabel = "IMAGE", description = "The base image (default: what fits the project).")
    @Nullable
    String base;

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            split = ",",
            description = "An environment; may be repeated (default: staging).")
    List<String> environments = List.of();

    @Option(names = "--force", description = "Replace a project file that is there.")
    boolean force;

    @Option(names = "--dry-run", description = "Print the file and write nothing.")
    boolean dryRun;

    @Override
    public Integer call() {
        var delivery = new DeliveryFactory(root.shell.variables()).delivery();
        InitResult result = delivery.init(new InitRequest(
                root.shell.directory().resolve(root.options.directory),
                root.options.file,
                new ScaffoldOptions(app, repository, base, environments),
                force,
                dryRun));
        if (root.options.json) {
            root.shell.print(result.toTree());
        } else if (dryRun) {
            root.shell.out().print(result.draft().text());
        } else {
            words(result);
        }
        return 0;
    }

    private void words(InitResult result) {
        ProjectDraft draft = result.draft();
        line("%s: written to %s", draft.kind(), result.file());
        draft.text().lines().forEach(text -> line("  %s", text));
        if (!draft.edits().isEmpty()) {
            line("");
            line(
                    draft.edits().size() == 1
                            ? "change this line, so that the released image runs:"
                            : "change the line of your application's container, so that the released image runs:");
            for (ProjectDraft.Edit edit : draft.edits()) {
                line("  %s: %s -> %s   (%s)", edit.place(), edit.from(), edit.to(), edit.owner());
            }
        }
        draft.notes().forEach(note -> line("note: %s", note));
        line("");
        line("next, beside %s:", result.file());
        result.next().forEach(command -> line("  %s", command));
    }

    private void line(String format, Object... values) {
        root.shell.out().printf(format + "%n", values);
    }
}
