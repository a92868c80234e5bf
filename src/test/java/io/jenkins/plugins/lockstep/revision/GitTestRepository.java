package io.jenkins.plugins.lockstep.revision;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link TestRepository} of the real {@code git}. */
public final class GitTestRepository extends TestRepository<GitTestRepository> {

    private GitTestRepository(Path root, Instant next) {
        super(root, next);
    }

    /** Makes an empty repository with the branch {@code main}; {@code options} go to {@code git init}. */
    public static GitTestRepository init(Path root, String... options) {
        var repository = new GitTestRepository(root, FIRST_COMMIT);
        var arguments = new ArrayList<>(List.of("init", "--quiet", "--initial-branch=main"));
        arguments.addAll(Arrays.asList(options));
        arguments.add(root.toString());
        repository.gitIn(root.toAbsolutePath().getParent(), arguments);
        return repository;
    }

    @Override
    public String commit(String message) {
        git("add", "--all");
        return commitIndex(message);
    }

    /** Commits what is staged alone, even where it is nothing. */
    public String commitIndex(String message) {
        git("commit", "--quiet", "--allow-empty", "--message", message);
        tick();
        return head();
    }

    @Override
    public String merge(String expression) {
        return merge(new String[] {expression});
    }

    /** Merges without fast-forward and returns the id of the merge commit. */
    public String merge(String... expressions) {
        var arguments = new ArrayList<>(List.of("merge", "--quiet", "--no-ff", "--no-edit"));
        arguments.addAll(Arrays.asList(expressions));
        git(arguments.toArray(String[]::new));
        tick();
        return head();
    }

    @Override
    public String head() {
        return git("rev-parse", "HEAD").strip();
    }

    @Override
    public GitTestRepository branch(String name) {
        git("checkout", "--quiet", "-b", name);
        return this;
    }

    @Override
    public GitTestRepository tag(String name) {
        git("tag", "--no-sign", name);
        return this;
    }

    /** Makes an annotated tag of {@code expression} and returns the id of the tag object. */
    public String annotatedTag(String name, String expression) {
        git("tag", "--annotate", "--no-sign", "--message", name, name, expression);
        return git("rev-parse", "refs/tags/" + name).strip();
    }

    @Override
    public GitTestRepository checkout(String expression) {
        git("checkout", "--quiet", expression);
        return this;
    }

    @Override
    public List<String> changed() {
        var paths = new ArrayList<String>();
        // --no-renames: a renamed file is one path gone and one path new.
        for (String line : git("status", "--porcelain", "--untracked-files=no", "--no-renames", "-z")
                .split("\0", -1)) {
            if (!line.isEmpty()) {
                paths.add(line.substring(3));
            }
        }
        return paths.stream().sorted().toList();
    }

    @Override
    public GitTestRepository cloneTo(Path directory) {
        return cloneTo(directory, new String[0]);
    }

    /** Clones this repository over its file URL; {@code options} go to {@code git clone}, for example {@code --depth=1}. */
    public GitTestRepository cloneTo(Path directory, String... options) {
        var arguments = new ArrayList<>(List.of("clone", "--quiet"));
        arguments.addAll(Arrays.asList(options));
        arguments.add(root().toUri().toString());
        arguments.add(directory.toString());
        gitIn(root(), arguments);
        return new GitTestRepository(directory, next());
    }

    /** Adds a linked work tree; {@code arguments} follow its directory, for example a commit. */
    public GitTestRepository worktree(Path directory, String... arguments) {
        var all = new ArrayList<>(List.of("worktree", "add", "--quiet", directory.toString()));
        all.addAll(Arrays.asList(arguments));
        gitIn(root(), all);
        return new GitTestRepository(directory, next());
    }

    /** Adds another repository as a submodule at {@code path} and stages it. */
    public GitTestRepository submodule(String path, TestRepository<?> other) {
        git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                other.root().toString(),
                path);
        return this;
    }

    /** Puts every reference into {@code packed-refs}. */
    public GitTestRepository packRefs() {
        git("pack-refs", "--all");
        return this;
    }

    /** Runs {@code git} in the work tree and returns its standard output. */
    public String git(String... arguments) {
        return gitIn(root(), Arrays.asList(arguments));
    }

    @Override
    protected GitTestRepository self() {
        return this;
    }

    private String gitIn(Path directory, List<String> arguments) {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(arguments);
        return run(directory, environment(), command);
    }

    private Map<String, String> environment() {
        String date = next().getEpochSecond() + " +0000";
        var environment = new HashMap<String, String>();
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + role + "_NAME", "Ada");
            environment.put("GIT_" + role + "_EMAIL", "ada@example.com");
            environment.put("GIT_" + role + "_DATE", date);
        }
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("HOME", "/nonexistent");
        return environment;
    }
}
