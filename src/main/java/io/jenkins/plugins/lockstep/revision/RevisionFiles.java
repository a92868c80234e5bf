package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of one revision, out of the object database, never from the work tree.
 *
 * <p>Paths are relative to the repository's root, with {@code /} on every operating system, without {@code ./} or a
 * trailing slash; the root itself is the empty string.
 */
public interface RevisionFiles {

    /**
     * One tracked file.
     *
     * @param path the path from the repository's root
     * @param executable the commit's mode, which is the same on every operating system
     */
    record TrackedFile(String path, boolean executable) {}

    /** Tells whether the revision has a directory or a file at {@code path}. */
    boolean exists(String path);

    /** Returns the file at {@code path}, or empty where there is none or a directory. */
    Optional<TrackedFile> file(String path);

    /**
     * Returns what the symbolic link at {@code path} points to, as it was committed; empty where there is none, or
     * something else.
     */
    Optional<String> link(String path);

    /** Returns what every symbolic link of the revision points to, as it was committed, by the link's path. */
    default Map<String, String> links() {
        var links = new TreeMap<String, String>();
        list("").forEach(file -> link(file.path()).ifPresent(target -> links.put(file.path(), target)));
        return links;
    }

    /**
     * Returns every file below {@code directory}, sub-directories included, sorted by path; empty if there is none.
     * Symbolic links and submodules are listed too, so that reading them says what they are.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where {@code directory} is or is behind a symbolic link or a
     *     submodule, or where the name of a file in it is not UTF-8
     */
    List<TrackedFile> list(String directory);

    /**
     * Reads a file exactly as it was committed.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the revision has no such file, where it is a symbolic
     *     link, a submodule or a {@link Placeholder}, or where it is larger than 64 MiB
     */
    byte[] read(String path);
}
