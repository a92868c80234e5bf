package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Entry;
import io.jenkins.plugins.lockstep.revision.hg.Manifest.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what comes next, too, when a directory's files are read one after the other: each question to {@code hg} costs more
 * than a small file.
 *
 * <p>Holds {@value #MOST_BYTES} bytes at most. Used by one thread.
 */
final class ReadAhead {

    static final int MOST_FILES = 256;
    private static final int MOST_BYTES = 4 << 20;

    /** Readers leave some out, such as {@code README.md}. */
    private static final int LONGEST_STEP = 4;

    private final HgClient hg;
    private final Revision revision;
    private final Map<String, byte[]> ahead = new HashMap<>();

    /** What was listed last: beyond it nobody is expected to read. */
    private @Nullable String listed;

    private @Nullable String last;

    ReadAhead(HgClient hg, Revision revision) {
        this.hg = hg;
        this.revision = revision;
    }

    /** Says that the files whose paths begin so were listed, and that they may be read next. */
    void listed(String prefix) {
        listed = prefix;
        last = null;
        ahead.clear();
    }

    /**
     * Returns the content of a file where it was read ahead, or is worth being read with what comes next.
     *
     * @param entries the whole revision
     * @return null where it is to be read by itself
     */
    byte @Nullable [] take(String path, SortedMap<String, Entry> entries) {
        String prefix = listed;
        if (prefix == null || !path.startsWith(prefix)) {
            return null;
        }
        byte[] known = ahead.remove(path);
        if (known == null && follows(path, entries)) {
            ahead.clear();
            read(next(path, prefix, entries));
            known = ahead.remove(path);
        }
        last = path;
        return known;
    }

    private boolean follows(String path, SortedMap<String, Entry> entries) {
        String before = last;
        return before != null
                && path.compareTo(before) > 0
                && entries.tailMap(before).keySet().stream()
                        .limit(1L + LONGEST_STEP)
                        .anyMatch(path::equals);
    }

    private static List<String> next(String path, String prefix, SortedMap<String, Entry> entries) {
        return entries.tailMap(path).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .filter(entry ->
                        entry.getValue().kind() == Kind.FILE || entry.getValue().kind() == Kind.EXECUTABLE)
                .limit(MOST_FILES)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void read(List<String> paths) {
        Map<String, Integer> sizes = sizes(paths);
        var small = new ArrayList<String>();
        int bytes = 0;
        for (String path : paths) {
            Integer size = sizes.get(path);
            if (size == null || size > MOST_BYTES - bytes) {
                break;
            }
            bytes += size;
            small.add(path);
        }
        if (small.isEmpty()) {
            return;
        }
        var output = new ByteArrayOutputStream(bytes);
        hg.run(command("cat", "{path}\\0{size}\\0{data}", small), output);
        var rest = ByteBuffer.wrap(output.toByteArray());
        while (rest.hasRemaining()) {
            String path = FileNames.decoded(field(rest));
            byte[] content = new byte[Integer.parseInt(new String(field(rest), US_ASCII))];
            rest.get(content);
            ahead.put(path, content);
        }
    }

    /** Asked first: Mercurial itself would hold a file of any size in memory. Leaves out what is too large anyway. */
    private Map<String, Integer> sizes(List<String> paths) {
        var sizes = new HashMap<String, Integer>();
        hg.rows(
                2,
                row -> {
                    long size = Long.parseLong(new String(row.get(1), US_ASCII));
                    if (size <= MOST_BYTES) {
                        sizes.put(FileNames.decoded(row.get(0)), (int) size);
                    }
                },
                command("files", "{path}\\0{size}\\0", paths));
        return sizes;
    }

    private List<String> command(String name, String template, List<String> paths) {
        var command = new ArrayList<>(List.of(name, "--hidden", "--rev", revision.id(), "--template", template));
        paths.forEach(path -> command.add("path:" + path));
        return command;
    }

    /** Takes what comes before the next NUL. */
    private static byte[] field(ByteBuffer from) {
        int start = from.position();
        int end = start;
        while (from.get(end) != 0) {
            end++;
        }
        byte[] field = new byte[end - start];
        from.get(field).get();
        return field;
    }
}
