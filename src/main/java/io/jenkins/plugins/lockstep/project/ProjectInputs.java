package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.Glob;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which tracked files a project is made of: a change of one of them may change what is built or deployed.
 *
 * <p>These are the project file; everything in its directory, but for the directories of other projects in there;
 * everything that the project file names, wherever it is; and what {@code sources} says. What a symbolic link among them
 * leads to is {@linkplain #following added}. All paths are repository paths. In doubt a file belongs to the project.
 * Immutable.
 *
 * @param file the project file
 * @param named what the project file names: configuration, manifests, contents of images
 * @param sources what {@code sources} says
 */
public record ProjectInputs(String file, SortedSet<String> named, List<Source> sources) {

    private static final String EVERYTHING_BELOW = "/**";

    public ProjectInputs {
        named = Collections.unmodifiableSortedSet(new TreeSet<>(named));
        sources = List.copyOf(sources);
    }

    /**
     * One entry of {@code sources}: a glob of paths. A directory that it takes is taken with everything below.
     *
     * @param written as the project file has it
     * @param glob the same from the repository's root
     * @param place {@code FILE:LINE}
     */
    public record Source(String written, String glob, String place) {

        /** Tells whether a path, or a directory that holds it, is what the glob means. */
        public boolean takes(String path) {
            String pattern = withoutEverythingBelow();
            if (pattern.isEmpty() || isBelow(fixedPart(pattern), path)) {
                return true;
            }
            Glob paths = Glob.ofPaths(pattern);
            for (String part = path; !part.isEmpty(); part = RepositoryPath.parent(part)) {
                if (paths.matches(part)) {
                    return true;
                }
            }
            return false;
        }

        private String withoutEverythingBelow() {
            if (glob.equals("**")) {
                return "";
            }
            return glob.endsWith(EVERYTHING_BELOW)
                    ? glob.substring(0, glob.length() - EVERYTHING_BELOW.length())
                    : glob;
        }

        private static String fixedPart(String pattern) {
            String fixed = pattern;
            while (fixed.indexOf('*') >= 0 || fixed.indexOf('?') >= 0) {
                fixed = RepositoryPath.parent(fixed);
            }
            return fixed;
        }
    }

    /** Returns the directory that holds the project file. */
    public String directory() {
        return RepositoryPath.parent(file);
    }

    /**
     * Tells whether a path belongs to the project.
     *
     * @param path a file or a submodule
     * @param otherDirectories the directories of all other projects of the repository
     */
    public boolean contains(String path, Collection<String> otherDirectories) {
        return path.equals(file)
                || isOwn(path, otherDirectories)
                || named.stream().anyMatch(name -> covers(name, path) || isBelow(name, path))
                || sources.stream().anyMatch(source -> source.takes(path));
    }

    /**
     * Adds what the project's symbolic links lead to, and the links in that: in images it stands in their place.
     *
     * @param links what each link of the commit points to, by its path
     * @param otherDirectories the directories of all other projects of the repository
     */
    public ProjectInputs following(Map<String, String> links, Collection<String> otherDirectories) {
        ProjectInputs inputs = this;
        while (true) {
            var reached = new TreeSet<>(inputs.named);
            for (Map.Entry<String, String> link : links.entrySet()) {
                if (inputs.contains(link.getKey(), otherDirectories)) {
                    RepositoryPath.resolve(RepositoryPath.parent(link.getKey()), link.getValue())
                            .ifPresent(reached::add);
                }
            }
            if (reached.size() == inputs.named.size()) {
                return inputs;
            }
            inputs = new ProjectInputs(file, reached, sources);
        }
    }

    private boolean isOwn(String path, Collection<String> otherDirectories) {
        return covers(directory(), path)
                && otherDirectories.stream().noneMatch(other -> isBelow(other, directory()) && covers(other, path));
    }

    private static boolean covers(String directory, String path) {
        return path.equals(directory) || isBelow(path, directory);
    }

    /** Where {@code directory} is a submodule, what is below it is not the repository's, and changes with it. */
    private static boolean isBelow(String path, String directory) {
        return directory.isEmpty() ? !path.isEmpty() : path.startsWith(directory + "/");
    }
}
