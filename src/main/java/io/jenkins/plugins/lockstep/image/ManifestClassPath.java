package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The files that a jar's manifest has on its {@code Class-Path}: relative URLs separated by spaces, those that end in a
 * slash directories, all others jars (jar file specification, "Class-Path attribute").
 *
 * <p>Java looks into the manifests of those jars too. What a library names there and is not on the disk is passed over, as
 * Java does it: many name files that were never meant to be found. What the application itself names has to be there.
 *
 * <p>A directory that holds the application's jar puts nothing into the image: it is the build's output directory, with
 * everything in it.
 */
final class ManifestClassPath {

    private static final int MOST_SHOWN = 5;

    private final Path application;
    private final ProjectTree tree;
    private final String field;
    private final Set<Path> jars = new LinkedHashSet<>();
    private final Set<Path> directories = new LinkedHashSet<>();
    private final List<String> missing = new ArrayList<>();

    private ManifestClassPath(Path application, ProjectTree tree, String field) {
        this.application = application;
        this.tree = tree;
        this.field = field;
    }

    /**
     * Finds the files.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where one is missing, no jar, or can't be in the image
     */
    static ManifestClassPath read(Path jar, Attributes manifest, ProjectTree tree, String field) {
        var classPath = new ManifestClassPath(jar, tree, field);
        for (String entry : entries(manifest)) {
            classPath.add(entry);
        }
        if (!classPath.missing.isEmpty()) {
            throw classPath.missing();
        }
        return classPath;
    }

    Collection<Path> jars() {
        return jars;
    }

    Collection<Path> directories() {
        return directories;
    }

    Collection<Path> all() {
        return Stream.concat(jars.stream(), directories.stream()).toList();
    }

    private void add(String entry) {
        Path path = path(entry, application);
        if (path == null) {
            throw refused(entry, "it is absolute, or a URL of its own")
                    .hint("let the build write relative paths: with maven-jar-plugin, 'classpathPrefix: lib/' and"
                            + " 'mvn dependency:copy-dependencies -DoutputDirectory=target/lib'");
        }
        if (!tree.holds(path)) {
            throw refused(entry, "it leads to " + path + ", which is outside the repository")
                    .hint("let the build copy its libraries beside the jar");
        }
        Path real = tree.follow(path, field);
        if (entry.endsWith("/") || isDots(entry)) {
            if (application.startsWith(path)) {
                return;
            }
            if (Files.isDirectory(real)) {
                directories.add(path);
            } else {
                missing.add(entry);
            }
        } else if (Files.isDirectory(real)) {
            throw refused(entry, "it is a directory, which Java only takes with a slash at the end")
                    .hint("let the build write '" + entry + "/'");
        } else if (Files.isRegularFile(real)) {
            addJar(path, real);
        } else {
            missing.add(entry);
        }
    }

    private void addJar(Path path, Path real) {
        if (path.equals(application) || !jars.add(path)) {
            return;
        }
        try (ZipFile zip = Archive.zip(real, field)) {
            for (String entry : entries(Archive.manifest(zip))) {
                addOfLibrary(entry, path);
            }
        } catch (IOException e) {
            throw SourceFiles.unreadable(path, e).where(field);
        }
    }

    private void addOfLibrary(String entry, Path library) {
        Path path = entry.endsWith("/") ? null : path(entry, library);
        if (path != null && tree.holds(path) && Files.isRegularFile(path)) {
            addJar(path, tree.follow(path, field));
        }
    }

    private static List<String> entries(Attributes manifest) {
        String value = manifest.getValue(Attributes.Name.CLASS_PATH);
        return value == null
                ? List.of()
                : Stream.of(value.split(" ", -1))
                        .filter(entry -> !entry.isEmpty())
                        .toList();
    }

    /** Returns what a relative URL of a jar leads to; null for one that is not relative. */
    private static @Nullable Path path(String entry, Path jar) {
        try {
            URI url = new URI(entry);
            String decoded = url.getPath();
            if (url.isAbsolute() || url.getRawAuthority() != null || decoded == null || decoded.startsWith("/")) {
                return null;
            }
            return ProjectTree.parent(jar).resolve(decoded).normalize();
        } catch (URISyntaxException | InvalidPathException e) {
            return null;
        }
    }

    private static boolean isDots(String entry) {
        return entry.equals(".") || entry.equals("..") || entry.endsWith("/.") || entry.endsWith("/..");
    }

    private DeliveryException refused(String entry, String why) {
        return DeliveryException.of(
                        Problem.BAD_INPUT,
                        "'" + entry + "' of the Class-Path in " + application + " can't be in the image")
                .where(field)
                .why(why);
    }

    private DeliveryException missing() {
        int more = missing.size() - MOST_SHOWN;
        return DeliveryException.of(
                        Problem.BAD_INPUT,
                        missing.size() == 1
                                ? "a file of the Class-Path of " + application + " is missing"
                                : missing.size() + " files of the Class-Path of " + application + " are missing")
                .where(field)
                .why(String.join(", ", missing.subList(0, Math.min(MOST_SHOWN, missing.size())))
                        + (more > 0 ? " and " + more + " more" : ""))
                .hint("let the build put them there, relative to the jar: for example 'mvn"
                        + " dependency:copy-dependencies -DoutputDirectory=target/lib'");
    }
}
