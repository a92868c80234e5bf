package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a repository is.
 *
 * @param root the top of the work tree, spelled as the user did where that is possible
 */
record HgLayout(Path root) {

    static final String MARKER = ".hg";

    /**
     * Finds the repository around {@code directory}.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none
     */
    static HgLayout around(Path directory) {
        Path start = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(start)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no such directory").where(start.toString());
        }
        for (Path at = realPath(start); at != null; at = at.getParent()) {
            if (isAt(at)) {
                return new HgLayout(asTyped(start, at));
            }
        }
        throw DeliveryException.of(Problem.BAD_INPUT, "this is not inside a Mercurial repository")
                .where(start.toString())
                .why("neither it nor a directory above it holds " + MARKER)
                .hint("run this inside the clone of your project, or name it with -C DIR");
    }

    static boolean isAt(Path directory) {
        return Files.isDirectory(directory.resolve(MARKER));
    }

    /** Returns the URL of the path {@code default}: that of the work tree, or of what it shares its history with. */
    Optional<String> defaultPath() {
        Path own = root.resolve(MARKER);
        return Stream.concat(Stream.of(own), sharedWith(own).stream())
                .map(directory -> directory.resolve("hgrc"))
                .flatMap(file -> text(file).stream())
                .flatMap(text -> Hgrc.value(text, "paths", "default").stream())
                .findFirst();
    }

    /** Where {@code hg share} made this work tree, it reads the configuration of the other one too, from Mercurial 5.7. */
    private static Optional<Path> sharedWith(Path own) {
        return text(own.resolve("sharedpath"))
                .map(String::strip)
                .filter(path -> text(own.resolve("requires")).stream()
                        .flatMap(String::lines)
                        .anyMatch("share-safe"::equals))
                .map(path -> own.resolve(path).normalize());
    }

    private static Optional<String> text(Path file) {
        try {
            // Every byte is a character: nothing but ASCII matters here.
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path realPath(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory;
        }
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
}
