package io.jenkins.plugins.lockstep.revision;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A {@link TestRepository} of the real {@code hg}. A branch is a bookmark here, which is there before its first commit. */
public final class HgTestRepository extends TestRepository<HgTestRepository> {

    private HgTestRepository(Path root, Instant next) {
        super(root, next);
    }

    /** Makes an empty repository; {@code options} go to {@code hg init}. */
    public static HgTestRepository init(Path root, String... options) {
        var repository = new HgTestRepository(root, FIRST_COMMIT);
        var arguments = new ArrayList<>(List.of("init"));
        arguments.addAll(Arrays.asList(options));
        arguments.add(root.toString());
        repository.hgIn(root.toAbsolutePath().getParent(), arguments);
        return repository;
    }

    @Override
    public String commit(String message) {
        hg("addremove", "--quiet", "--similarity", "0");
        return commitTracked(message);
    }

    /** Commits what is tracked alone; {@code options} go to {@code hg commit}, for example {@code --secret}. */
    public String commitTracked(String message, String... options) {
        var arguments = new ArrayList<>(List.of("commit", "--message", message, "--user", "Ada <ada@example.com>"));
        arguments.addAll(Arrays.asList(options));
        hg(arguments.toArray(String[]::new));
        tick();
        return head();
    }

    @Override
    public String merge(String expression) {
        hg("merge", "--quiet", "--tool", ":fail", expression);
        return commitTracked("merge");
    }

    @Override
    public String head() {
        return id(".");
    }

    /** Returns the full id of what an expression of Mercurial's own means. */
    public String id(String expression) {
        return hg("log", "--hidden", "--rev", expression, "--template", "{node}");
    }

    @Override
    public HgTestRepository branch(String name) {
        hg("bookmark", name);
        return this;
    }

    /** Begins a named branch, which is there with the next commit. */
    public HgTestRepository namedBranch(String name) {
        hg("branch", "--quiet", "--force", name);
        return this;
    }

    /** Makes a tag of this clone alone: one that is shared is a commit. */
    @Override
    public HgTestRepository tag(String name) {
        hg("tag", "--local", name);
        return this;
    }

    @Override
    public HgTestRepository checkout(String expression) {
        hg("update", "--quiet", expression);
        return this;
    }

    @Override
    public List<String> changed() {
        return Arrays.stream(hg("status", "--modified", "--added", "--removed", "--deleted", "--no-status", "--print0")
                        .split("\0", -1))
                .filter(path -> !path.isEmpty())
                .sorted()
                .toList();
    }

    @Override
    public HgTestRepository cloneTo(Path directory) {
        return cloneTo(directory, new String[0]);
    }

    /** Clones this repository; {@code options} go to {@code hg clone}, for example {@code --noupdate}. */
    public HgTestRepository cloneTo(Path directory, String... options) {
        var arguments = new ArrayList<>(List.of("clone", "--quiet", "--pull"));
        arguments.addAll(Arrays.asList(options));
        arguments.add(root().toString());
        arguments.add(directory.toString());
        hgIn(root(), arguments);
        return new HgTestRepository(directory, next());
    }

    /** Makes another work tree of the same history. */
    public HgTestRepository share(Path directory) {
        hgIn(
                root(),
                List.of("--config", "extensions.share=", "share", "--quiet", root().toString(), directory.toString()));
        return new HgTestRepository(directory, next());
    }

    /** Runs {@code hg} in the work tree and returns its standard output. */
    public String hg(String... arguments) {
        return hgIn(root(), Arrays.asList(arguments));
    }

    @Override
    protected HgTestRepository self() {
        return this;
    }

    private String hgIn(Path directory, List<String> arguments) {
        var command = new ArrayList<>(List.of("hg"));
        command.addAll(arguments);
        command.addAll(List.of("--config", "devel.default-date=" + next().getEpochSecond() + " 0"));
        return run(
                directory,
                Map.of("HGRCPATH", "", "HGPLAIN", "1", "HGENCODING", "UTF-8", "HGUSER", "Ada <ada@example.com>"),
                command);
    }
}
