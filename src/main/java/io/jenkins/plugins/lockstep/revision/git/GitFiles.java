package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.revision.Placeholder;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * The files of one commit.
 *
 * <p>Symbolic links and submodules are listed like files, so that reading them says what they are: left out, they would
 * be missing silently.
 */
final class GitFiles implements RevisionFiles {

    private static final int MOST_BYTES = 64 << 20;

    private final ObjectReader reader;
    private final ObjectId tree;
    private final Revision revision;
    private final GitFailures failures;

    /**
     * The files of the directory that was listed last, without what is no file: to look each of them up in its directory again
     * would cost the more the more there are.
     */
    private Map<String, Entry> listed = Map.of();

    GitFiles(ObjectReader reader, ObjectId tree, Revision revision, GitFailures failures) {
        this.reader = reader;
        this.tree = tree;
        this.revision = revision;
        this.failures = failures;
    }

    private record Entry(FileMode mode, ObjectId id) {

        boolean isDirectory() {
            return mode == FileMode.TREE;
        }
    }

    @Override
    public boolean exists(String path) {
        return failures.translated(() -> entry(path) != null);
    }

    @Override
    public Optional<TrackedFile> file(String path) {
        return failures.translated(() -> {
            Entry entry = entry(path);
            return entry == null || entry.isDirectory()
                    ? Optional.empty()
                    : Optional.of(new TrackedFile(path, entry.mode() == FileMode.EXECUTABLE_FILE));
        });
    }

    @Override
    public Optional<String> link(String path) {
        return failures.translated(() -> {
            Entry entry = entry(path);
            return entry == null || entry.mode() != FileMode.SYMLINK ? Optional.empty() : Optional.of(target(entry));
        });
    }

    @Override
    public Map<String, String> links() {
        return failures.translated(() -> {
            var links = new TreeMap<String, String>();
            try (var walk = new TreeWalk(reader)) {
                walk.addTree(tree);
                walk.setRecursive(true);
                while (walk.next()) {
                    if (walk.getFileMode(0) == FileMode.SYMLINK) {
                        links.put(walk.getPathString(), target(new Entry(FileMode.SYMLINK, walk.getObjectId(0))));
                    }
                }
            }
            return Collections.unmodifiableMap(links);
        });
    }

    @Override
    public List<TrackedFile> list(String directory) {
        return failures.translated(() -> {
            refuseLinks(directory);
            Entry entry = entry(directory);
            if (entry == null || !entry.isDirectory()) {
                return List.of();
            }
            String prefix = directory.isEmpty() ? "" : directory + "/";
            var files = new ArrayList<TrackedFile>();
            var found = new HashMap<String, Entry>();
            try (var walk = new TreeWalk(reader)) {
                walk.addTree(entry.id());
                walk.setRecursive(true);
                while (walk.next()) {
                    refuseUnreadableName(prefix, walk.getRawPath());
                    FileMode mode = walk.getFileMode(0);
                    var file = new TrackedFile(prefix + walk.getPathString(), mode == FileMode.EXECUTABLE_FILE);
                    files.add(file);
                    if (mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE) {
                        found.put(file.path(), new Entry(mode, walk.getObjectId(0)));
                    }
                }
            }
            listed = found;
            files.sort(Comparator.comparing(TrackedFile::path));
            return List.copyOf(files);
        });
    }

    @Override
    public byte[] read(String path) {
        return failures.translated(() -> {
            Entry entry = listed.get(path);
            if (entry == null) {
                entry = fileAt(path);
            }
            ObjectLoader content = reader.open(entry.id(), Constants.OBJ_BLOB);
            if (content.getSize() > MOST_BYTES) {
                throw failure(path, "the file is too large to be read")
                        .why("it has " + content.getSize() + " bytes, and 64 MiB is the most")
                        .hint("large files belong into the image or a volume");
            }
            byte[] bytes = content.getBytes(MOST_BYTES);
            Placeholder.of(bytes).ifPresent(placeholder -> {
                throw failure(path, placeholder.committed())
                        .why(placeholder.committedWhy())
                        .hint(placeholder.committedHint());
            });
            return bytes;
        });
    }

    private Entry fileAt(String path) throws IOException {
        refuseLinks(path);
        Entry entry = entry(path);
        if (entry == null) {
            throw failure(path, "the revision has no such file").hint(nearest(path));
        }
        if (entry.isDirectory()) {
            throw failure(path, "this is a directory, not a file");
        }
        return entry;
    }

    private @Nullable Entry entry(String path) throws IOException {
        if (path.isEmpty()) {
            return new Entry(FileMode.TREE, tree);
        }
        // JGit's path filter would forgive what no path of the contract has.
        if (path.startsWith("/") || path.endsWith("/")) {
            return null;
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, path, tree)) {
            return walk == null ? null : new Entry(walk.getFileMode(0), walk.getObjectId(0));
        }
    }

    /** Fails where {@code path} or a directory on the way to it is a link: nothing behind it is in this commit. */
    private void refuseLinks(String path) throws IOException {
        Entry directory = new Entry(FileMode.TREE, tree);
        for (int start = 0, end; directory.isDirectory() && start < path.length(); start = end + 1) {
            int slash = path.indexOf('/', start);
            end = slash < 0 ? path.length() : slash;
            Entry entry = child(directory, path.substring(start, end));
            if (entry == null) {
                return;
            }
            refuseLink(path, path.substring(0, end), entry);
            directory = entry;
        }
    }

    private void refuseLink(String path, String part, Entry entry) throws IOException {
        String subject = part.equals(path) ? "this" : "'" + part + "'";
        if (entry.mode() == FileMode.SYMLINK) {
            throw failure(path, subject + " is a symbolic link")
                    .why("it points to '" + RevisionExpression.printable(target(entry))
                            + "', and links are not followed")
                    .hint("name the real path, or commit the file itself");
        }
        if (entry.mode() == FileMode.GITLINK) {
            throw failure(path, subject + " is a submodule")
                    .why("its files are in another repository, at commit "
                            + entry.id().name())
                    .hint("commit the file in this repository");
        }
    }

    private @Nullable Entry child(Entry directory, String name) throws IOException {
        if (name.isEmpty()) {
            return null;
        }
        try (TreeWalk walk = TreeWalk.forPath(reader, name, directory.id())) {
            return walk == null ? null : new Entry(walk.getFileMode(0), walk.getObjectId(0));
        }
    }

    /** A name that is not UTF-8 would come out as the name of another file. */
    private void refuseUnreadableName(String prefix, byte[] path) {
        if (!GitNames.isUtf8(path)) {
            throw failure(prefix + GitNames.printable(path), "the name of this file is not UTF-8")
                    .why("Lockstep and Kubernetes know UTF-8 names alone")
                    .hint("rename the file: 'git ls-files' shows the bytes of the name, and 'git mv' takes them");
        }
    }

    private String target(Entry link) throws IOException {
        return new String(
                reader.open(link.id(), Constants.OBJ_BLOB).getCachedBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    private @Nullable String nearest(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        Entry parent = entry(slash < 0 ? "" : path.substring(0, slash));
        if (parent == null || !parent.isDirectory()) {
            return null;
        }
        var names = new ArrayList<String>();
        try (var walk = new TreeWalk(reader)) {
            walk.addTree(parent.id());
            while (walk.next()) {
                names.add(walk.getPathString());
            }
        }
        return NearestWord.of(path.substring(slash + 1), names)
                .map(name -> "did you mean '" + path.substring(0, slash + 1) + name + "'?")
                .orElse("is it committed? 'git status' shows what is not");
    }

    private DeliveryException failure(String path, String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(path + " at revision " + revision.id());
    }
}
