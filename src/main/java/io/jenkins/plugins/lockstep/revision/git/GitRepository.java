package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.CommitRange;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefDatabase;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** A Git repository as it was when it was opened: references that move later are not seen. */
final class GitRepository implements Repository {

    private final org.eclipse.jgit.lib.Repository repository;
    private final ObjectReader reader;
    private final GitLayout layout;
    private final GitFailures failures;
    private final Map<String, Ref> references;
    private final Set<ObjectId> shallowCommits;

    private GitRepository(
            org.eclipse.jgit.lib.Repository repository,
            GitLayout layout,
            GitFailures failures,
            Map<String, Ref> references,
            Set<ObjectId> shallowCommits) {
        this.repository = repository;
        this.reader = repository.newObjectReader();
        this.layout = layout;
        this.failures = failures;
        this.references = references;
        this.shallowCommits = shallowCommits;
    }

    /**
     * Opens the repository at {@code layout}.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it can't be read
     */
    static GitRepository open(GitLayout layout) {
        var failures = new GitFailures(layout.place(), layout.commonDirectory().resolve("objects"), layout.partial());
        return failures.translated(() -> {
            org.eclipse.jgit.lib.Repository repository = build(layout);
            try {
                layOver(repository.getConfig(), layout);
                return new GitRepository(
                        repository,
                        layout,
                        failures,
                        // All at once: a second look at packed-refs would make JGit measure the file system's clock.
                        new HashMap<>(references(repository)),
                        Set.copyOf(repository.getObjectDatabase().getShallowCommits()));
            } catch (IOException | RuntimeException e) {
                repository.close();
                throw e;
            }
        });
    }

    private static org.eclipse.jgit.lib.Repository build(GitLayout layout) throws IOException {
        var builder = new FileRepositoryBuilder()
                .setGitDir(layout.gitDirectory().toFile())
                .setGitCommonDir(layout.commonDirectory().toFile())
                .setMustExist(true);
        Path workTree = layout.workTree();
        if (workTree == null) {
            builder.setBare();
        } else {
            builder.setWorkTree(workTree.toFile());
        }
        return builder.build();
    }

    /** JGit does not read {@code config.worktree}; what it says holds for this instance alone, nothing is saved. */
    private static void layOver(Config config, GitLayout layout) throws IOException {
        Path own = layout.gitDirectory().resolve("config.worktree");
        if (config.getBoolean("extensions", "worktreeConfig", false) && Files.isRegularFile(own)) {
            try {
                config.fromText(config.toText() + "\n" + Files.readString(own));
            } catch (ConfigInvalidException e) {
                throw new IOException("Cannot read file " + own, e);
            }
        }
    }

    @SuppressWarnings("deprecation") // The list of the newer call leaves out HEAD.
    private static Map<String, Ref> references(org.eclipse.jgit.lib.Repository repository) throws IOException {
        return repository.getRefDatabase().getRefs(RefDatabase.ALL);
    }

    @Override
    public Path root() {
        Path workTree = layout.workTree();
        if (workTree == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this Git repository has no work tree")
                    .where(layout.gitDirectory().toString())
                    .why("it is bare, or its own .git directory")
                    .hint("run this in a clone with checked-out files");
        }
        return workTree;
    }

    @Override
    public Revision resolve(String expression) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                return revision(new CommitNames(references, walk, layout, shallow()).find(expression));
            }
        });
    }

    private static Revision revision(RevCommit commit) {
        // Not getCommitTime(): an int ends in 2038.
        @Nullable PersonIdent committer = commit.getCommitterIdent();
        Instant committedAt = committer == null
                ? Instant.ofEpochSecond(commit.getCommitTime())
                : Instant.ofEpochSecond(committer.getWhenAsInstant().getEpochSecond());
        return new Revision(Vcs.GIT, commit.name(), committedAt);
    }

    @Override
    public List<String> uncommittedChanges() {
        Path root = root();
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                Ref head = references.get(Constants.HEAD);
                ObjectId id = head == null ? null : head.getObjectId();
                return new WorkTreeChanges(repository, reader, root)
                        .against(id == null ? null : walk.parseCommit(id).getTree());
            }
        });
    }

    /** Tells whether {@code commit} is checked out. */
    boolean isAt(ObjectId commit) {
        Ref head = references.get(Constants.HEAD);
        return head != null && commit.equals(head.getObjectId());
    }

    @Override
    public RevisionFiles files(Revision revision) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                RevCommit commit = new CommitNames(references, walk, layout, shallow()).find(revision.id());
                return new GitFiles(reader, commit.getTree(), revision, failures);
            }
        });
    }

    @Override
    public Ancestry ancestry(String first, String second) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                walk.setRetainBody(false);
                RevCommit one = commit(walk, first);
                RevCommit two = commit(walk, second);
                if (one == null || two == null) {
                    return Ancestry.of(Relation.UNKNOWN);
                }
                if (one.equals(two)) {
                    return Ancestry.of(Relation.SAME);
                }
                List<RevCommit> bases = mergeBases(walk, one, two);
                if (bases.contains(one)) {
                    return Ancestry.of(Relation.ANCESTOR);
                }
                if (bases.contains(two)) {
                    return Ancestry.of(Relation.DESCENDANT);
                }
                if (missingHistoryMayTell(one, two)) {
                    return Ancestry.of(Relation.UNKNOWN);
                }
                return bases.isEmpty()
                        ? Ancestry.of(Relation.UNRELATED)
                        : new Ancestry(Relation.DIVERGED, bases.get(0).name());
            }
        });
    }

    @Override
    public CommitRange only(String first, String second, int most) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                walk.setRetainBody(false);
                RevCommit one = commit(walk, first);
                RevCommit two = commit(walk, second);
                if (one == null || two == null) {
                    return CommitRange.NONE;
                }
                walk.markStart(one);
                walk.markUninteresting(two);
                int count = 0;
                var newest = new ArrayList<CommitRange.Commit>();
                for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                    if (count++ < most) {
                        walk.parseBody(commit);
                        newest.add(new CommitRange.Commit(commit.name(), commit.getShortMessage()));
                        commit.disposeBody();
                    }
                }
                return new CommitRange(count, newest);
            }
        });
    }

    private static @Nullable RevCommit commit(RevWalk walk, String id) throws IOException {
        if (!Revision.isFullId(id)) {
            return null;
        }
        try {
            return walk.parseAny(ObjectId.fromString(id)) instanceof RevCommit commit ? commit : null;
        } catch (MissingObjectException e) {
            return null;
        }
    }

    private static List<RevCommit> mergeBases(RevWalk walk, RevCommit one, RevCommit two) throws IOException {
        walk.setRevFilter(RevFilter.MERGE_BASE);
        walk.markStart(one);
        walk.markStart(two);
        var bases = new ArrayList<RevCommit>();
        for (RevCommit base = walk.next(); base != null; base = walk.next()) {
            bases.add(base);
        }
        return bases;
    }

    /**
     * Tells whether a cut-off commit is in the history of one of the two but not of the other: behind it the other one
     * could still appear. Cut-off commits of both are behind their merge base, and change nothing.
     */
    private boolean missingHistoryMayTell(RevCommit one, RevCommit two) throws IOException {
        return shallow() && !cutsIn(one).equals(cutsIn(two));
    }

    private Set<ObjectId> cutsIn(RevCommit tip) throws IOException {
        var cuts = new HashSet<ObjectId>();
        try (var walk = new RevWalk(reader)) {
            walk.setRetainBody(false);
            walk.markStart(walk.parseCommit(tip));
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (shallowCommits.contains(commit)) {
                    cuts.add(commit.copy());
                }
            }
        }
        return cuts;
    }

    @Override
    public List<String> ancestors(Revision revision, int most) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                RevCommit start = new CommitNames(references, walk, layout, shallow()).find(revision.id());
                walk.setRetainBody(false);
                walk.markStart(start);
                var ids = new ArrayList<String>();
                while (ids.size() < most) {
                    RevCommit commit = walk.next();
                    if (commit == null) {
                        break;
                    }
                    ids.add(commit.name());
                }
                return List.copyOf(ids);
            }
        });
    }

    @Override
    public RecentCommits recent(Revision revision, int most) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader)) {
                walk.markStart(new CommitNames(references, walk, layout, shallow()).find(revision.id()));
                var commits = new ArrayList<RecentCommits.Commit>();
                while (commits.size() < most) {
                    RevCommit commit = walk.next();
                    if (commit == null) {
                        break;
                    }
                    commits.add(described(commit));
                    commit.disposeBody();
                }
                return new RecentCommits(commits);
            }
        });
    }

    private static RecentCommits.Commit described(RevCommit commit) {
        @Nullable PersonIdent author = commit.getAuthorIdent();
        String name = author == null ? "" : author.getName().isBlank() ? author.getEmailAddress() : author.getName();
        Instant at = author == null
                ? Instant.ofEpochSecond(commit.getCommitTime())
                : Instant.ofEpochSecond(author.getWhenAsInstant().getEpochSecond());
        List<String> parents =
                Stream.of(commit.getParents()).map(RevCommit::name).toList();
        return new RecentCommits.Commit(commit.name(), parents, name, at, commit.getShortMessage());
    }

    @Override
    public List<String> changedPaths(Revision from, Revision to) {
        return failures.translated(() -> {
            try (var walk = new RevWalk(reader);
                    var tree = new TreeWalk(reader)) {
                var names = new CommitNames(references, walk, layout, shallow());
                tree.setRecursive(true);
                tree.setFilter(TreeFilter.ANY_DIFF);
                tree.addTree(names.find(from.id()).getTree());
                tree.addTree(names.find(to.id()).getTree());
                var paths = new ArrayList<String>();
                while (tree.next()) {
                    paths.add(tree.getPathString());
                }
                Collections.sort(paths);
                return List.copyOf(paths);
            }
        });
    }

    @Override
    public Optional<String> originUrl() {
        Config config = repository.getConfig();
        Ref head = references.get(Constants.HEAD);
        Stream<String> upstream = head != null && head.isSymbolic()
                ? Stream.ofNullable(config.getString(
                        "branch",
                        org.eclipse.jgit.lib.Repository.shortenRefName(
                                head.getTarget().getName()),
                        "remote"))
                : Stream.empty();
        return Stream.concat(upstream, Stream.of(Constants.DEFAULT_REMOTE_NAME))
                .flatMap(remote -> Stream.ofNullable(config.getString("remote", remote, "url")))
                .findFirst();
    }

    @Override
    public boolean isShallow() {
        return shallow();
    }

    private boolean shallow() {
        return !shallowCommits.isEmpty();
    }

    @Override
    public void close() {
        reader.close();
        repository.close();
    }
}
