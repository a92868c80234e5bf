package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one changeset holds, by path.
 *
 * @param entries sorted; sub-repositories and files that the extension largefiles keeps elsewhere are among them
 */
record Manifest(SortedMap<String, Entry> entries) {

    private static final String SUBREPOSITORIES = ".hgsub";
    private static final String SUBREPOSITORY_STATE = ".hgsubstate";

    /** Where largefiles commits the hashes of large files, each below the name of its file. */
    private static final String STANDINS = ".hglf/";

    /** What a path is. */
    enum Kind {
        FILE,
        EXECUTABLE,
        LINK,
        SUBREPOSITORY,
        /** The content is kept by the extension largefiles, outside of the commit. */
        LARGE_FILE,
        /** A file whose name is not UTF-8. */
        UNREADABLE_NAME
    }

    /**
     * One path.
     *
     * @param state the id that a sub-repository is at, else null
     */
    record Entry(Kind kind, @Nullable String state) {}

    /** Reads the manifest of a changeset that exists. */
    static Manifest of(HgClient hg, Revision revision) {
        var entries = new TreeMap<String, Entry>();
        hg.rows(
                2,
                row -> entries.put(FileNames.decoded(row.get(0)), new Entry(kind(row), null)),
                List.of("files", "--hidden", "--rev", revision.id(), "--template", "{path}\\0{flags}\\0"));
        for (String standin : List.copyOf(entries.tailMap(STANDINS).keySet())) {
            if (!standin.startsWith(STANDINS)) {
                break;
            }
            entries.put(standin, new Entry(Kind.LARGE_FILE, null));
            entries.putIfAbsent(standin.substring(STANDINS.length()), new Entry(Kind.LARGE_FILE, null));
        }
        if (entries.containsKey(SUBREPOSITORIES)) {
            subrepositories(hg, revision)
                    .forEach((path, state) -> entries.put(path, new Entry(Kind.SUBREPOSITORY, state)));
        }
        return new Manifest(Collections.unmodifiableSortedMap(entries));
    }

    /** Returns the ids that a changeset's sub-repositories are at, by path. */
    static SortedMap<String, String> subrepositories(HgClient hg, Revision revision) {
        var states = new TreeMap<String, String>();
        if (text(hg, revision, SUBREPOSITORIES).isBlank()) {
            return states;
        }
        text(hg, revision, SUBREPOSITORY_STATE).lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                states.put(line.substring(space + 1), line.substring(0, space));
            }
        });
        return states;
    }

    /** Tells whether anything is below {@code path}. */
    boolean hasDirectory(String path) {
        if (path.isEmpty()) {
            return true;
        }
        SortedMap<String, Entry> behind = entries.tailMap(path + "/");
        return !behind.isEmpty() && behind.firstKey().startsWith(path + "/");
    }

    /** Reads a small file; empty where the changeset has none. */
    private static String text(HgClient hg, Revision revision, String path) {
        var content = new ByteArrayOutputStream();
        hg.run(List.of("cat", "--hidden", "--rev", revision.id(), "path:" + path), content);
        return content.toString(UTF_8);
    }

    private static Kind kind(List<byte[]> row) {
        if (!FileNames.isUtf8(row.get(0))) {
            return Kind.UNREADABLE_NAME;
        }
        return switch (new String(row.get(1), UTF_8)) {
            case "l" -> Kind.LINK;
            case "x" -> Kind.EXECUTABLE;
            default -> Kind.FILE;
        };
    }
}
