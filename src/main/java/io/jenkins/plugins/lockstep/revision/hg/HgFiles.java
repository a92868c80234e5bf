package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.revision.Placeholder;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Entry;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Kind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files of one changeset.
 *
 * <p>Symbolic links, sub-repositories and large files are listed like files, so that reading them says what they are: left
 * out, they would be missing silently.
 */
final class HgFiles implements RevisionFiles {

    private static final int MOST_BYTES = 64 << 20;

    private final HgClient hg;
    private final Revision revision;
    private final ReadAhead ahead;
    private @Nullable Manifest manifest;

    HgFiles(HgClient hg, Revision revision) {
        this.hg = hg;
        this.revision = revision;
        this.ahead = new ReadAhead(hg, revision);
    }

    @Override
    public boolean exists(String path) {
        return entry(path) != null || manifest().hasDirectory(path);
    }

    @Override
    public Optional<TrackedFile> file(String path) {
        return Optional.ofNullable(entry(path)).map(entry -> tracked(path, entry));
    }

    @Override
    public Optional<String> link(String path) {
        Entry entry = entry(path);
        return entry == null || entry.kind() != Kind.LINK ? Optional.empty() : Optional.of(target(path));
    }

    @Override
    public List<TrackedFile> list(String directory) {
        refuseLinks(directory);
        String prefix = directory.isEmpty() ? "" : directory + "/";
        var files = new ArrayList<TrackedFile>();
        for (Map.Entry<String, Entry> found :
                manifest().entries().tailMap(prefix).entrySet()) {
            String path = found.getKey();
            if (!path.startsWith(prefix)) {
                break;
            }
            if (found.getValue().kind() == Kind.UNREADABLE_NAME) {
                throw failure(ChangesetNames.printable(path), "the name of this file is not UTF-8")
                        .why("Lockstep and Kubernetes know UTF-8 names alone")
                        .hint("'hg rename' it");
            }
            files.add(tracked(path, found.getValue()));
        }
        ahead.listed(prefix);
        return List.copyOf(files);
    }

    @Override
    public byte[] read(String path) {
        refuseLinks(path);
        Entry entry = entry(path);
        if (entry == null) {
            throw manifest().hasDirectory(path)
                    ? failure(path, "this is a directory, not a file")
                    : failure(path, "the revision has no such file").hint(nearest(path));
        }
        if (entry.kind() == Kind.LARGE_FILE) {
            throw failure(path, "the file is kept by Mercurial's extension largefiles")
                    .why("the commit holds its hash, not its content")
                    .hint("commit its content in a repository without large files");
        }
        byte[] known = ahead.take(path, manifest().entries());
        byte[] bytes = known == null ? alone(path) : known;
        Placeholder.of(bytes).ifPresent(placeholder -> {
            throw failure(path, placeholder.committed())
                    .why(placeholder.committedWhy())
                    .hint(placeholder == Placeholder.LFS_POINTER ? "commit its content" : placeholder.committedHint());
        });
        return bytes;
    }

    private byte[] alone(String path) {
        long size = size(path);
        if (size > MOST_BYTES) {
            throw failure(path, "the file is too large to be read")
                    .why("it has " + size + " bytes, and 64 MiB is the most")
                    .hint("large files belong into the image or a volume");
        }
        return content(path, (int) size);
    }

    private static TrackedFile tracked(String path, Entry entry) {
        return new TrackedFile(path, entry.kind() == Kind.EXECUTABLE);
    }

    private Manifest manifest() {
        if (manifest == null) {
            manifest = Manifest.of(hg, revision);
        }
        return manifest;
    }

    private @Nullable Entry entry(String path) {
        return manifest().entries().get(path);
    }

    /** Asked first: Mercurial itself would hold a file of any size in memory. */
    private long size(String path) {
        return hg
                .rows(1, "files", "--hidden", "--rev", revision.id(), "--template", "{size}\\0", "path:" + path)
                .stream()
                .mapToLong(row -> Long.parseLong(row.get(0)))
                .findFirst()
                .orElseThrow(() -> failure(path, "the revision has no such file"));
    }

    /** Returns what a link points to, which Mercurial keeps as its content. */
    private String target(String link) {
        return new String(content(link, 0), UTF_8);
    }

    private byte[] content(String path, int size) {
        var content = new ByteArrayOutputStream(size);
        hg.run(List.of("cat", "--hidden", "--rev", revision.id(), "path:" + path), content);
        return content.toByteArray();
    }

    /** Fails where {@code path} or a directory on the way to it is a link: nothing behind it is in this commit. */
    private void refuseLinks(String path) {
        for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
            String part = end < 0 ? path : path.substring(0, end);
            Entry entry = entry(part);
            if (entry != null && entry.kind() == Kind.LINK) {
                throw failure(path, (part.equals(path) ? "this" : "'" + part + "'") + " is a symbolic link")
                        .why("it points to '" + ChangesetNames.printable(target(part))
                                + "', and links are not followed")
                        .hint("name the real path, or commit the file itself");
            }
            if (entry != null && entry.kind() == Kind.SUBREPOSITORY) {
                throw failure(path, (part.equals(path) ? "this" : "'" + part + "'") + " is a sub-repository")
                        .why("its files are in another repository, at commit " + entry.state())
                        .hint("commit the file in this repository");
            }
            if (end < 0) {
                return;
            }
        }
    }

    private @Nullable String nearest(String path) {
        int slash = path.lastIndexOf('/');
        String parent = path.substring(0, slash + 1);
        var names = new TreeSet<String>();
        for (String sibling : manifest().entries().tailMap(parent).keySet()) {
            if (!sibling.startsWith(parent)) {
                break;
            }
            names.add(sibling.substring(parent.length()).split("/", 2)[0]);
        }
        if (names.isEmpty()) {
            return null;
        }
        return NearestWord.of(path.substring(slash + 1), names)
                .map(name -> "did you mean '" + parent + name + "'?")
                .orElse("is it committed? 'hg status' shows what is not");
    }

    private DeliveryException failure(String path, String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(path + " at revision " + revision.id());
    }
}
