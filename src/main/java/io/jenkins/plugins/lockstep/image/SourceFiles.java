package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Placeholder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;

/** What an image's source files are; links are never followed. */
final class SourceFiles {

    /** What Java reads where bytes are no letter of the character set. */
    private static final char NO_LETTER = '\uFFFD';

    private SourceFiles() {}

    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Returns the last name of a path as the disk has it, whatever the locale.
     *
     * <p>Java 17 reads names in the locale's character set: under {@code LC_ALL=C} every letter beyond ASCII becomes
     * another one. The path's URI has the bytes themselves.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where this Java reads another name
     */
    static String name(Path path, String field) {
        String name = String.valueOf(path.getFileName());
        if (name.chars().allMatch(letter -> letter < 0x80)) {
            return name;
        }
        String real = path.toUri().getPath().replaceFirst("/$", "");
        String stored = real.substring(real.lastIndexOf('/') + 1);
        if (stored.indexOf(NO_LETTER) >= 0) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the name of " + path + " is not UTF-8")
                    .where(field)
                    .hint("rename the file, or leave it out of the tree");
        }
        if (!Normalizer.normalize(stored, Normalizer.Form.NFC)
                .equals(Normalizer.normalize(name, Normalizer.Form.NFC))) {
            throw unnamable(path.toString(), field);
        }
        return name;
    }

    /** What a path is of whose name this Java can't write. */
    static DeliveryException unnamable(String path, String field) {
        return DeliveryException.of(Problem.BAD_INPUT, "this Java can't use the name " + path)
                .where(field)
                .why("it has letters that the locale, or this system, lacks")
                .hint("set LC_ALL=C.UTF-8 where Lockstep is started (in Jenkins: where the agent is started), or rename"
                        + " the file");
    }

    /** Tells whether two entries put the same thing into the image. */
    static boolean same(ImageLayer.Entry one, ImageLayer.Entry other) {
        boolean directory = isDirectory(one.source());
        if (directory != isDirectory(other.source()) || one.mode() != other.mode()) {
            return false;
        }
        try {
            return directory || Files.mismatch(one.source(), other.source()) < 0;
        } catch (IOException e) {
            throw unreadable(one.source(), e);
        }
    }

    /**
     * Refuses what a tool has left in place of a file: the image would get that and not the content.
     *
     * @return the file's first {@link Placeholder#BYTES} bytes, or all of it where it has fewer
     */
    static byte[] refusePlaceholder(Path file, String field) {
        byte[] start;
        try (InputStream content = Files.newInputStream(file)) {
            start = content.readNBytes(Placeholder.BYTES);
        } catch (IOException e) {
            throw unreadable(file, e).where(field);
        }
        Placeholder.of(start).ifPresent(placeholder -> {
            throw DeliveryException.of(Problem.BAD_INPUT, file + " is " + placeholder.noun())
                    .where(field)
                    .why("it stands in for the file, whose content is not there")
                    .hint(placeholder.presentHint());
        });
        return start;
    }

    static DeliveryException unreadable(Path path, IOException failure) {
        return DeliveryException.of(Problem.BAD_INPUT, path + " can't be read")
                .why(failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage())
                .causedBy(failure);
    }

    static DeliveryException missing(Path path, String field) {
        return DeliveryException.of(Problem.BAD_INPUT, "there is no " + path)
                .where(field)
                .hint("build it first, for example with './mvnw package' or 'npm ci', or correct the path");
    }
}
