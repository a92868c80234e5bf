package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Entry;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Kind;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the paths that differ between two changesets.
 *
 * <p>Mercurial compares the ids of files, and those know their history: a file that was changed and changed back has
 * another id than before. So what it calls modified is looked at once more.
 */
final class ChangedPaths {

    /** Names in one question. */
    private static final int BATCH = 1000;

    private final HgClient hg;
    private final Revision from;
    private final Revision to;

    ChangedPaths(HgClient hg, Revision from, Revision to) {
        this.hg = hg;
        this.from = from;
        this.to = to;
    }

    List<String> find() {
        Map<String, Entry> before = Manifest.of(hg, from).entries();
        Map<String, Entry> after = Manifest.of(hg, to).entries();
        var changed = new TreeSet<String>();
        var suspects = new ArrayList<String>();
        for (String path : modified()) {
            Entry entry = before.get(path);
            if (entry != null && entry.equals(after.get(path)) && entry.kind() != Kind.UNREADABLE_NAME) {
                suspects.add(path);
            } else {
                changed.add(path);
            }
        }
        keysThatDiffer(before, after, changed);
        changed.addAll(withOtherContent(suspects));
        return List.copyOf(changed);
    }

    /** Added, removed, of another kind, or a sub-repository at another commit. */
    private static void keysThatDiffer(Map<String, Entry> before, Map<String, Entry> after, Set<String> changed) {
        before.forEach((path, entry) -> {
            if (!entry.equals(after.get(path))) {
                changed.add(path);
            }
        });
        after.keySet().stream().filter(path -> !before.containsKey(path)).forEach(changed::add);
    }

    private List<String> modified() {
        var paths = new ArrayList<String>();
        hg.rows(
                1,
                row -> paths.add(FileNames.decoded(row.get(0))),
                List.of(
                        "status",
                        "--hidden",
                        "--modified",
                        "--no-status",
                        "--print0",
                        "--rev",
                        from.id(),
                        "--rev",
                        to.id()));
        return paths;
    }

    private List<String> withOtherContent(List<String> suspects) {
        var different = new ArrayList<String>();
        for (int start = 0; start < suspects.size(); start += BATCH) {
            List<String> batch = suspects.subList(start, Math.min(start + BATCH, suspects.size()));
            Map<String, String> sizesBefore = sizes(from, batch);
            Map<String, String> sizesAfter = sizes(to, batch);
            for (String path : batch) {
                if (!Objects.equals(sizesBefore.get(path), sizesAfter.get(path))
                        || !Arrays.equals(hash(from, path), hash(to, path))) {
                    different.add(path);
                }
            }
        }
        return different;
    }

    private Map<String, String> sizes(Revision revision, List<String> paths) {
        var command = new ArrayList<>(
                List.of("files", "--hidden", "--rev", revision.id(), "--template", "{path}\\0{size}\\0"));
        paths.forEach(path -> command.add("path:" + path));
        var sizes = new HashMap<String, String>();
        hg.rows(2, row -> sizes.put(FileNames.decoded(row.get(0)), new String(row.get(1), UTF_8)), command);
        return sizes;
    }

    private byte[] hash(Revision revision, String path) {
        var digest = Sha256.newDigest();
        hg.run(
                List.of("cat", "--hidden", "--rev", revision.id(), "path:" + path),
                new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return digest.digest();
    }
}
