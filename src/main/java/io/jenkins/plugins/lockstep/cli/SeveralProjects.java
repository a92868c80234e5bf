package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.ProjectRun;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Prints how an operation on several projects ended: one document, or each failure and a table. */
final class SeveralProjects {

    /**
     * How one project's result is told.
     *
     * @param tree as JSON
     * @param outcome in a few words for the table
     * @param words prints all that a reader wants to see before the table; may print nothing
     * @param answersNo whether the exit code is to say no
     */
    record Summary<R>(
            Function<R, Map<String, @Nullable Object>> tree,
            Function<R, String> outcome,
            Consumer<R> words,
            Predicate<R> answersNo) {

        Summary(Function<R, Map<String, @Nullable Object>> tree, Function<R, String> outcome, Consumer<R> words) {
            this(tree, outcome, words, result -> false);
        }
    }

    private static final int REVISION_WIDTH = 12;

    private final OperationCommand command;

    SeveralProjects(OperationCommand command) {
        this.command = command;
    }

    /** Prints the result and returns the exit code. */
    <R> int print(Projects projects, ProjectsResult<R> result, Summary<R> summary) {
        command.print(tree(projects, result, summary), () -> words(projects, result, summary));
        boolean no =
                result.projects().stream().flatMap(run -> run.result().stream()).anyMatch(summary.answersNo());
        return result.problem().map(Problem::exitCode).orElse(no ? Problem.ANSWER_NO.exitCode() : 0);
    }

    private static <R> Map<String, @Nullable Object> tree(
            Projects projects, ProjectsResult<R> result, Summary<R> summary) {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (ProjectRun<R> run : result.projects()) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("app", run.project().app());
            tree.put("file", run.project().file());
            tree.put("why", run.project().why());
            tree.put("outcome", word(run.outcome()));
            tree.put("result", run.result().map(summary.tree()).orElse(null));
            tree.put("error", run.failure().map(FailureReport::tree).orElse(null));
            tree.put("seconds", run.seconds());
            list.add(tree);
        }
        var leftOut = new ArrayList<Map<String, @Nullable Object>>();
        for (Projects.LeftOut project : projects.leftOut()) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("app", project.app());
            tree.put("file", project.file());
            tree.put("why", project.why());
            leftOut.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("revision", result.revision().id());
        tree.put("projects", list);
        tree.put("leftOut", leftOut);
        tree.put("seconds", result.seconds());
        return tree;
    }

    private <R> void words(Projects projects, ProjectsResult<R> result, Summary<R> summary) {
        if (result.projects().isEmpty()) {
            command.line(
                    "nothing to do: none of %d projects changed up to revision %s",
                    projects.leftOut().size(), result.revision().id());
            return;
        }
        result.projects().forEach(run -> run.result().ifPresent(summary.words()));
        FailureReport failures = command.failures();
        result.projects().forEach(run -> run.failure()
                .ifPresent(failure -> failures.printBeside(run.project().name(), failure)));
        table(result, summary);
    }

    private <R> void table(ProjectsResult<R> result, Summary<R> summary) {
        List<ProjectRun<R>> runs = result.projects();
        var outcomes = runs.stream().map(run -> outcome(run, summary)).toList();
        int app = width("APP", runs.stream().map(run -> run.project().name()).toList());
        int outcome = width("OUTCOME", outcomes);
        String format = "%-" + app + "s  %-" + REVISION_WIDTH + "s  %-" + outcome + "s  %s";
        command.line(format, "APP", "REVISION", "OUTCOME", "SECONDS");
        for (int i = 0; i < runs.size(); i++) {
            command.line(
                    format,
                    runs.get(i).project().name(),
                    result.revision().shortId(),
                    outcomes.get(i),
                    String.format(Locale.ROOT, "%.1f", runs.get(i).seconds()));
        }
    }

    private static <R> String outcome(ProjectRun<R> run, Summary<R> summary) {
        if (run.outcome() instanceof ProjectRun.NotRun<R> not) {
            return "not run: " + not.why();
        }
        String result = run.result().map(summary.outcome()).orElse("");
        return run.failure()
                .map(failure -> failure.problem() == Problem.INTERRUPTED
                        ? "interrupted"
                        : "failed: " + (result.isEmpty() ? failure.problem().code() : result))
                .orElse(result);
    }

    /** The stable word for machines. */
    private static String word(ProjectRun.Outcome<?> outcome) {
        if (outcome instanceof ProjectRun.Done<?>) {
            return "done";
        }
        if (outcome instanceof ProjectRun.Failed<?> failed) {
            return failed.failure().problem() == Problem.INTERRUPTED ? "interrupted" : "failed";
        }
        return "not-run";
    }

    private static int width(String title, List<String> cells) {
        return cells.stream().mapToInt(String::length).reduce(title.length(), Math::max);
    }
}
