package io.jenkins.plugins.lockstep.common;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Paths inside a repository: with {@code /} on every operating system, without {@code ./} or a trailing slash, the root
 * as the empty string.
 */
public final class RepositoryPath {

    private RepositoryPath() {}

    /**
     * Resolves what a user wrote against a directory of the repository.
     *
     * @param directory a repository path
     * @param written a relative path; may climb with {@code ..}
     * @return the repository path, or empty where {@code written} is absolute or leaves the repository
     */
    public static Optional<String> resolve(String directory, String written) {
        String path = written.replace('\\', '/');
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*") || path.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        var segments = new ArrayDeque<String>();
        for (String segment : (directory + "/" + path).split("/", -1)) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return Optional.of(String.join("/", segments));
    }

    /** Returns the directory that holds {@code path}; the empty string at the root. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
