package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Placeholder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What an image's source files are; links are never followed. */
final class SourceFiles {

    private SourceFiles() {}

    static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
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

    /** Refuses what a tool has left in place of a file: the image would get that and not the content. */
    static void refusePlaceholder(Path file, String field) {
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
    }

    static DeliveryException unreadable(Path path, IOException failure) {
        return DeliveryException.of(Problem.BAD_INPUT, path + " can't be read")
                .why(failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage())
                .causedBy(failure);
    }

    static DeliveryException missing(Path path, String field) {
        return DeliveryException.of(Problem.BAD_INPUT, "there is no " + path)
                .where(field)
                .hint("build it first, for example with './mvnw package', or correct the path");
    }
}
