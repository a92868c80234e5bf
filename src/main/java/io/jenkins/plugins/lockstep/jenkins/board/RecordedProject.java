package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the newest build of a job said about its project.
 *
 * @param app the application
 * @param revision full id of what was built
 * @param build where, a build's stable id
 * @param at when it was recorded
 * @param environments in the order of the project file
 * @param log the newest commits
 */
public record RecordedProject(
        String app, String revision, String build, Instant at, List<Stage> environments, CommitLog log) {

    public RecordedProject {
        environments = List.copyOf(environments);
    }

    /**
     * An environment of the project.
     *
     * @param name as the project file says
     * @param after where a revision has to run before it may come here, null for nowhere
     */
    public record Stage(String name, @Nullable String after) {}

    /** Returns the environments so that each comes after the one it waits for, otherwise in the order of the file. */
    List<Stage> inOrder() {
        var left = new LinkedHashMap<String, Stage>();
        environments.forEach(stage -> left.put(stage.name(), stage));
        var ordered = new ArrayList<Stage>();
        while (!left.isEmpty()) {
            Stage next = left.values().stream()
                    .filter(stage -> stage.after() == null || !left.containsKey(stage.after()))
                    .findFirst()
                    // Only a damaged record has a circle: the engine refuses such a project file.
                    .orElseGet(() -> left.values().iterator().next());
            ordered.add(next);
            left.remove(next.name());
        }
        return ordered;
    }

    Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("revision", revision);
        tree.put("build", build);
        tree.put("at", at.toString());
        tree.put(
                "environments", environments.stream().map(RecordedProject::tree).toList());
        tree.put("commits", log.commits().stream().map(RecordedProject::tree).toList());
        return tree;
    }

    static RecordedProject of(@Nullable Object tree) {
        return new RecordedProject(
                Tree.text(tree, "app"),
                Tree.text(tree, "revision"),
                Tree.text(tree, "build"),
                Instant.parse(Tree.text(tree, "at")),
                Tree.list(tree, "environments").stream()
                        .map(stage -> new Stage(Tree.text(stage, "name"), Texts.orNull(stage, "after")))
                        .toList(),
                new CommitLog(Tree.list(tree, "commits").stream()
                        .map(RecordedProject::commit)
                        .toList()));
    }

    private static Map<String, @Nullable Object> tree(Stage stage) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("name", stage.name());
        tree.put("after", stage.after());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Commit commit) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("id", commit.id());
        tree.put("parents", commit.parents());
        tree.put("author", commit.author());
        tree.put("at", commit.at().toString());
        tree.put("subject", commit.subject());
        return tree;
    }

    private static Commit commit(@Nullable Object tree) {
        return new Commit(
                Tree.text(tree, "id"),
                Texts.list(tree, "parents"),
                Tree.text(tree, "author"),
                Instant.parse(Tree.text(tree, "at")),
                Tree.text(tree, "subject"));
    }

    /** Returns the stage of a name. */
    public Optional<Stage> stage(String name) {
        return environments.stream().filter(stage -> stage.name().equals(name)).findFirst();
    }
}
