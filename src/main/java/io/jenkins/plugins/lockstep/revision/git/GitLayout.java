package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a repository are.
 *
 * @param gitDirectory HEAD and index: {@code .git}, or a linked work tree's own directory
 * @param commonDirectory objects, references and configuration; the same as {@code gitDirectory} but in linked work trees
 * @param workTree the top of the work tree, or null for a bare repository
 * @param config the repository's own configuration with what {@code config.worktree} lays over it
 */
record GitLayout(Path gitDirectory, Path commonDirectory, @Nullable Path workTree, Config config) {

    /** What Git itself knows at version 2.50 and what changes nothing that is read here. */
    private static final Set<String> HARMLESS_EXTENSIONS = Set.of(
            "compatobjectformat",
            "noop",
            "noop-v1",
            "objectformat",
            "partialclone",
            "preciousobjects",
            "refstorage",
            "relativeworktrees",
            "worktreeconfig");

    /** Those that Git refuses in a repository of version 0, since older Gits would not see them there. */
    private static final Set<String> EXTENSIONS_OF_VERSION_1 =
            Set.of("compatobjectformat", "noop-v1", "objectformat", "refstorage", "relativeworktrees");

    private static final String POINTER = "gitdir:";

    /** Returns the path for messages: the work tree, or the bare repository. */
    Path place() {
        return workTree == null ? gitDirectory : workTree;
    }

    boolean linked() {
        return !gitDirectory.equals(commonDirectory);
    }

    /** Tells whether objects may be missing because a server keeps them. */
    boolean partial() {
        return config.getString("extensions", null, "partialClone") != null
                || config.getSubsections("remote").stream()
                        .anyMatch(remote -> config.getBoolean("remote", remote, "promisor", false));
    }

    /**
     * Finds the repository around {@code directory} and checks that it can be read.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none, or where it can't be read
     */
    static GitLayout around(Path directory) {
        Path start = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(start)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no such directory")
                    .where(start.toString())
                    .hint("name one of the repository's directories, for example with -C DIR");
        }
        Place place = find(start)
                .orElseThrow(() -> DeliveryException.of(Problem.BAD_INPUT, "this is not inside a Git repository")
                        .where(start.toString())
                        .why("neither it nor a directory above it holds .git")
                        .hint("run this inside the clone of your project, or name it with -C DIR"));
        try {
            return read(start, place);
        } catch (ConfigInvalidException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the configuration of this Git repository can't be parsed")
                    .where(place.gitDirectory().toString())
                    .hint("'git config --list --local' names the line")
                    .causedBy(e);
        } catch (IOException e) {
            throw GitFailures.unreadable(place.gitDirectory(), e);
        }
    }

    /** A Git directory, and the directory whose {@code .git} it is, if any. */
    record Place(Path gitDirectory, @Nullable Path holder) {}

    static Optional<Place> find(Path directory) {
        for (Path at = realPath(directory); at != null; at = at.getParent()) {
            Path dotGit = at.resolve(".git");
            if (Files.isRegularFile(dotGit)) {
                return Optional.of(new Place(pointedAt(dotGit), at));
            }
            if (isGitDirectory(dotGit)) {
                return Optional.of(new Place(dotGit, at));
            }
            if (isGitDirectory(at)) {
                return Optional.of(new Place(at, null));
            }
        }
        return Optional.empty();
    }

    /** Tells whether {@link #find} would end at {@code directory}. */
    static boolean isAt(Path directory) {
        Path dotGit = directory.resolve(".git");
        return Files.isRegularFile(dotGit) || isGitDirectory(dotGit) || isGitDirectory(directory);
    }

    private static Path realPath(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize();
        }
    }

    private static boolean isGitDirectory(Path directory) {
        // A HEAD that is a symbolic link to an unborn branch is one too.
        return Files.exists(directory.resolve("HEAD"), LinkOption.NOFOLLOW_LINKS)
                && (Files.isRegularFile(directory.resolve("commondir"))
                        || (Files.isDirectory(directory.resolve("objects"))
                                && Files.isDirectory(directory.resolve("refs"))));
    }

    private static Path pointedAt(Path dotGit) {
        String text;
        try {
            text = Files.readString(dotGit).strip();
        } catch (IOException e) {
            throw GitFailures.unreadable(dotGit, e);
        }
        DeliveryException lost = DeliveryException.of(Problem.BAD_INPUT, "this work tree has lost its Git directory")
                .where(dotGit.toString())
                .hint("'git worktree repair' in the main clone mends a work tree that was moved");
        if (!text.startsWith(POINTER)) {
            throw lost.why("the file does not say 'gitdir: PATH'");
        }
        Path target =
                dotGit.resolveSibling(text.substring(POINTER.length()).strip()).normalize();
        if (!isGitDirectory(target)) {
            throw lost.why("it points to " + target + ", which is not a Git directory");
        }
        return target;
    }

    private static GitLayout read(Path start, Place place) throws IOException, ConfigInvalidException {
        Path gitDirectory = place.gitDirectory();
        File common = FS.DETECTED.getCommonDir(gitDirectory.toFile());
        Path commonDirectory = common == null ? gitDirectory : realPath(common.toPath());
        boolean linked = !commonDirectory.equals(realPath(gitDirectory));
        if (!linked) {
            commonDirectory = gitDirectory;
        }
        FileBasedConfig config =
                new FileBasedConfig(commonDirectory.resolve("config").toFile(), FS.DETECTED);
        config.load();
        if (config.getBoolean("extensions", "worktreeConfig", false)) {
            config = new FileBasedConfig(
                    config, gitDirectory.resolve("config.worktree").toFile(), FS.DETECTED);
            config.load();
        }
        refuseUnknownFormat(gitDirectory, config, linked);
        return new GitLayout(gitDirectory, commonDirectory, workTree(start, place, config, linked), config);
    }

    private static @Nullable Path workTree(Path start, Place place, Config config, boolean linked) {
        Path holder = place.holder();
        if (holder == null) {
            return null;
        }
        // In linked work trees core.bare and core.worktree speak of the main one.
        String configured = linked ? null : config.getString("core", null, "worktree");
        if (configured == null) {
            return !linked && config.getBoolean("core", "bare", false) ? null : asTyped(start, holder);
        }
        Path workTree = realPath(place.gitDirectory().resolve(configured));
        if (!realPath(start).startsWith(workTree)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this is outside of the repository's work tree")
                    .where(start.toString())
                    .why("core.worktree in " + place.gitDirectory() + " says that it is " + workTree);
        }
        return asTyped(start, workTree);
    }

    /** Returns {@code root} as the user's own path spells it, so that paths below it can be made relative to it. */
    private static Path asTyped(Path start, Path root) {
        for (Path at = start; at != null; at = at.getParent()) {
            if (realPath(at).equals(root)) {
                return at;
            }
        }
        return root;
    }

    private static void refuseUnknownFormat(Path gitDirectory, Config config, boolean linked) {
        DeliveryException refusal = DeliveryException.of(
                        Problem.BAD_INPUT, "Lockstep can't read this kind of Git repository")
                .where(gitDirectory.toString());
        String objects = config.getString("extensions", null, "objectFormat");
        if (objects != null && !objects.equalsIgnoreCase("sha1")) {
            throw refusal.why("its ids are " + objects + ", and Lockstep reads SHA-1 ids of 40 digits alone")
                    .hint("use a clone with SHA-1 ids; 'git init --object-format=sha1' makes one");
        }
        int version = config.getInt("core", "repositoryFormatVersion", 0);
        if (version > 1) {
            throw refusal.why("its format is version " + version + ", and 1 is the newest known");
        }
        for (String extension : config.getNames("extensions")) {
            String name = extension.toLowerCase(Locale.ROOT);
            if (version == 1 && !HARMLESS_EXTENSIONS.contains(name)) {
                throw refusal.why("it needs the extension '" + extension + "'");
            }
            if (version == 0 && EXTENSIONS_OF_VERSION_1.contains(name)) {
                throw refusal.why("its format is version 0, which has no extension '" + extension
                                + "'; Git refuses it too")
                        .hint("if the extension is right: 'git config core.repositoryFormatVersion 1'");
            }
        }
        String references = config.getString("extensions", null, "refStorage");
        if ("files".equalsIgnoreCase(references)) {
            throw refusal.why("it says extensions.refStorage = files, which JGit does not know")
                    .hint("'git config --unset extensions.refStorage': files are what Git uses without it");
        }
        if (references != null && !references.equalsIgnoreCase("reftable")) {
            throw refusal.why("its references are kept as '" + references + "', and Lockstep reads files and reftable")
                    .hint("'git refs migrate --ref-format=files' turns them into files");
        }
        if (linked && references != null) {
            throw refusal.why("it is a linked work tree of a repository whose references are a reftable")
                    .hint("run this in the main work tree");
        }
    }
}
