package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
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
