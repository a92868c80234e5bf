package io.jenkins.plugins.lockstep.image;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an image is built on. */
public sealed interface Base {

    /** How the project file writes {@link Scratch}. */
    String SCRATCH = "scratch";

    /** The base without any file. */
    record Scratch() implements Base {}

    /**
     * An image of a registry.
     *
     * @param reference as the project file has it
     * @param digests for each platform, as the project file writes it, {@code sha256:…} of its manifest; empty where the
     *     registry is to be asked what the reference means
     */
    record Named(ImageReference reference, Map<String, String> digests) implements Base {

        public Named {
            digests = Map.copyOf(digests);
        }

        /** Tells whether the same name may mean another image tomorrow. */
        public boolean mayMove() {
            return reference.digest() == null;
        }
    }

    /**
     * An image in a file: what {@code docker save}, {@code podman save} and OCI layout tools write.
     *
     * @param file a tar, not compressed as a whole
     * @param image which of its images, by name; null where it has one
     */
    record Archive(Path file, @Nullable String image) implements Base {

        private static final Pattern WRITTEN = Pattern.compile("(.+\\.tar)(?:#(.+))?");

        /** Returns the path of {@code PATH.tar} or {@code PATH.tar#IMAGE}, or null where {@code written} is no archive. */
        public static @Nullable String path(String written) {
            Matcher archive = WRITTEN.matcher(written);
            return archive.matches() ? archive.group(1) : null;
        }

        private static @Nullable String image(String written) {
            Matcher archive = WRITTEN.matcher(written);
            return archive.matches() ? archive.group(2) : null;
        }
    }

    /**
     * Reads what a project file says.
     *
     * @param written {@code scratch}, {@code PATH.tar}, {@code PATH.tar#IMAGE}, or a reference
     * @param directory the project file's directory
     */
    static Base of(String written, Path directory) {
        if (written.equals(SCRATCH)) {
            return new Scratch();
        }
        String path = Archive.path(written);
        return path == null
                ? new Named(ImageReference.parse(written), Map.of())
                : new Archive(directory.resolve(path.replace('\\', '/')).normalize(), Archive.image(written));
    }
}
