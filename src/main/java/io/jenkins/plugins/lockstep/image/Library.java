package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One jar of {@code dependencies:}.
 *
 * @param name its file name, which it keeps in the image
 * @param file where its content is
 */
record Library(String name, Path file) {

    private static final Comparator<Library> BY_NAME = Comparator.comparing(Library::name);

    /**
     * Finds the jars that are named, and those in directories that are named, as {@code mvn dependency:copy-dependencies}
     * writes them.
     *
     * @return sorted by name: what stands in which directory must not decide which of two equal classes is loaded
     * @throws DeliveryException {@link Problem#BAD_INPUT} where something is missing or no jar
     */
    static List<Library> read(List<String> paths, ProjectTree tree, String field) {
        List<Library> libraries = new ArrayList<>();
        for (String path : paths) {
            Path file = tree.resolve(path, field);
            Path real = tree.follow(file, field);
            if (!Files.exists(real)) {
                throw SourceFiles.missing(file, field)
                        .hint("let the build copy its libraries there first: 'mvn dependency:copy-dependencies'"
                                + " writes target/dependency");
            }
            for (Path jar : Files.isDirectory(real) ? children(real, field) : List.of(file)) {
                libraries.add(library(jar, tree, field));
            }
        }
        libraries.sort(BY_NAME);
        return libraries;
    }

    private static Library library(Path jar, ProjectTree tree, String field) {
        String name = SourceFiles.name(jar, field);
        Path real = tree.follow(jar, field);
        if (!name.endsWith(".jar") || !Files.isRegularFile(real)) {
            throw DeliveryException.of(Problem.BAD_INPUT, jar + " is not a jar")
                    .where(field)
                    .why("each file in a directory of libraries goes on the class path")
                    .hint("keep it out ('mvn dependency:copy-dependencies -DincludeTypes=jar'), or name the jars one by"
                            + " one");
        }
        requireWhole(real, field);
        return new Library(name, real);
    }

    /** Finds a half-written jar before it is in an image. */
    static void requireWhole(Path jar, String field) {
        try {
            Archive.zip(jar, field).close();
        } catch (IOException e) {
            throw SourceFiles.unreadable(jar, e).where(field);
        }
    }

    private static List<Path> children(Path directory, String field) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException e) {
            throw SourceFiles.unreadable(directory, e).where(field);
        }
    }
}
