package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.LfsPointer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.AbstractTreeIterator;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.FileTreeIterator;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.WorkingTreeIterator;
import org.eclipse.jgit.treewalk.WorkingTreeIterator.MetadataDiff;
import org.eclipse.jgit.treewalk.WorkingTreeOptions;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tracked paths that differ between commit, index and work tree.
 *
 * <p>Says what {@code git status --untracked-files=no} says, but for these. Where that would run a filter's command, the
 * content is compared as it is; Git LFS is known without its command. Line ends, encodings and idents that the next commit
 * would convert to the committed ones are no change, even if the file's size is another. A submodule counts where another commit is
 * checked out in it or where a tracked file in it has changed, even if {@code .gitmodules} tells {@code git status} to keep
 * quiet. As in Git, a file whose size and time are as the index knows them is not read.
 */
final class WorkTreeChanges {

    private static final int COMMIT = 0;
    private static final int INDEX = 1;
    private static final int DISK = 2;

    private final Repository repository;
    private final ObjectReader reader;
    private final Path root;

    /** Whether a file that the sparse checkout leaves out, but that is there, counts: Git 2.36 and later say so. */
    private final boolean sparse;

    WorkTreeChanges(Repository repository, ObjectReader reader, Path root) {
        this.repository = repository;
        this.reader = reader;
        this.root = root;
        this.sparse = repository.getConfig().getBoolean("core", "sparseCheckout", false)
                && !repository.getConfig().getBoolean("sparse", "expectFilesOutsideOfPatterns", false);
    }

    /** Returns the changed paths, sorted; {@code tree} is null where there is no commit yet. */
    List<String> against(@Nullable RevTree tree) throws IOException {
        var changed = new TreeSet<String>();
        // Not the plain walk: it gets lost where a file has become a directory.
        try (TreeWalk walk = new NameConflictTreeWalk(repository, reader)) {
            walk.setOperationType(TreeWalk.OperationType.CHECKIN_OP);
            walk.setAttributesNodeProvider(repository.createAttributesNodeProvider());
            if (tree == null) {
                walk.addTree(new EmptyTreeIterator());
            } else {
                walk.addTree(tree);
            }
            walk.addTree(new DirCacheIterator(index()));
            var disk = new TrackedFiles(repository, root.toFile());
            walk.addTree(disk);
            disk.setDirCacheIterator(walk, INDEX);
            while (walk.next()) {
                if (walk.getFileMode(COMMIT) == FileMode.TREE || walk.getFileMode(INDEX) == FileMode.TREE) {
                    if (isEntry(walk.getFileMode(COMMIT)) || isEntry(walk.getFileMode(INDEX))) {
                        changed.add(walk.getPathString());
                    }
                    walk.enterSubtree();
                } else if (isStaged(walk) || isChangedOnDisk(walk)) {
                    changed.add(walk.getPathString());
                }
            }
        }
        return List.copyOf(changed);
    }

    private DirCache index() {
        try {
            return repository.readDirCache();
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            DeliveryException refusal = DeliveryException.of(
                            Problem.BAD_INPUT, "the index of this work tree can't be read")
                    .where(root.toString())
                    .causedBy(e);
            // JGit meets the extension of index-format(5), or before it an entry without a name or of a directory.
            if (reason.contains("'link'") || reason.endsWith(": ")) {
                throw refusal.why("it is a split index, which only Git itself reads")
                        .hint("'git update-index --no-split-index' puts it into one file; 'git config core.splitIndex"
                                + " false' keeps it so");
            }
            if (reason.contains("'sdir'") || reason.endsWith("/")) {
                throw refusal.why("it is a sparse index, which only Git itself reads")
                        .hint(
                                "'git sparse-checkout reapply --no-sparse-index' keeps the sparse checkout and lists every"
                                        + " file");
            }
            throw refusal.why(reason)
                    .hint("does 'git status' work there? if not, 'rm .git/index && git reset' makes a new index");
        }
    }

    private static boolean isEntry(FileMode mode) {
        return mode != FileMode.TREE && mode != FileMode.MISSING;
    }

    private static boolean isStaged(TreeWalk walk) {
        return walk.getFileMode(COMMIT) != walk.getFileMode(INDEX) || !walk.idEqual(COMMIT, INDEX);
    }

    private boolean isChangedOnDisk(TreeWalk walk) throws IOException {
        DirCacheIterator index = walk.getTree(INDEX, DirCacheIterator.class);
        if (index == null) {
            // Untracked: neither the commit nor the index has it.
            return false;
        }
        DirCacheEntry entry = index.getDirCacheEntry();
        if (entry.getStage() != DirCacheEntry.STAGE_0) {
            return true;
        }
        WorkingTreeIterator disk = walk.getTree(DISK, WorkingTreeIterator.class);
        if (entry.isAssumeValid() || (entry.isSkipWorkTree() && !(disk != null && sparse))) {
            return false;
        }
        if (disk == null) {
            refuseInvisible(walk.getRawPath());
            return true;
        }
        if (entry.getFileMode() == FileMode.GITLINK) {
            return disk.getEntryFileMode() != FileMode.TREE || isSubmoduleChanged(entry);
        }
        if (disk.isModeDifferent(entry.getRawMode())) {
            return true;
        }
        return disk.compareMetadata(entry) != MetadataDiff.EQUAL && isContentChanged(walk, disk, entry);
    }

    private boolean isContentChanged(TreeWalk walk, WorkingTreeIterator disk, DirCacheEntry entry) throws IOException {
        if (contentId(walk, disk, entry).equals(entry.getObjectId())) {
            return false;
        }
        if (!"lfs".equals(walk.getAttributes().getValue(Constants.ATTR_FILTER))) {
            return true;
        }
        ObjectLoader committed = reader.open(entry.getObjectId(), Constants.OBJ_BLOB);
        if (committed.getSize() >= LfsPointer.SIZE_LIMIT) {
            return true;
        }
        var pointer = LfsPointer.parse(committed.getCachedBytes());
        if (pointer.isEmpty()) {
            return true;
        }
        try (var content = Files.newInputStream(root.resolve(walk.getPathString()))) {
            return !pointer.get().pointsTo(content);
        }
    }

    private ObjectId contentId(TreeWalk walk, WorkingTreeIterator disk, DirCacheEntry entry) throws IOException {
        if (entry.getFileMode() == FileMode.SYMLINK) {
            return disk.getEntryObjectId();
        }
        return new CleanedContent(reader, walk.getAttributes(), repository.getConfig())
                .id(root.resolve(walk.getPathString()), entry.getObjectId());
    }

    /** A file that this Java can't see may be there all the same: "deleted" would be a guess. */
    private void refuseInvisible(byte[] path) {
        if (GitNames.isVisible(path)) {
            return;
        }
        DeliveryException refusal = DeliveryException.of(
                        Problem.BAD_INPUT, "Java can't see a tracked file, so whether it has changed can't be told")
                .where(root + "/" + GitNames.printable(path));
        throw GitNames.isUtf8(path)
                ? refusal.why("the locale's encoding is " + GitNames.locale() + ", which lacks letters of its name")
                        .hint("set LC_ALL=C.UTF-8 where Lockstep is started (in Jenkins: where the agent is started)")
                : refusal.why("its name is not UTF-8")
                        .hint("rename the file with 'git mv', or tell Git to leave it alone with"
                                + " 'git update-index --assume-unchanged'");
    }

    private boolean isSubmoduleChanged(DirCacheEntry entry) throws IOException {
        Path directory = root.resolve(entry.getPathString());
        if (!Files.exists(directory.resolve(Constants.DOT_GIT), LinkOption.NOFOLLOW_LINKS)) {
            // Never checked out: git status says nothing about it either.
            return false;
        }
        try (GitRepository submodule = GitRepository.open(GitLayout.around(directory))) {
            return !submodule.isAt(entry.getObjectId())
                    || !submodule.uncommittedChanges().isEmpty();
        }
    }

    /** The files on disk; ignore rules don't matter for tracked ones, and no filter's command is ever run. */
    private static final class TrackedFiles extends FileTreeIterator {

        TrackedFiles(Repository repository, File root) {
            super(
                    root,
                    repository.getFS(),
                    repository.getConfig().get(WorkingTreeOptions.KEY),
                    // A repository inside of a tracked directory does not hide the files of that directory.
                    NoGitlinksStrategy.INSTANCE);
            setWalkIgnoredDirectories(true);
            initRootIterator(repository);
        }

        private TrackedFiles(TrackedFiles parent, File directory) {
            super(parent, directory, parent.fs);
        }

        @Override
        protected AbstractTreeIterator enterSubtree() {
            return new TrackedFiles(this, getEntryFile());
        }

        @Override
        public @Nullable String getCleanFilterCommand() {
            return null;
        }
    }
}
