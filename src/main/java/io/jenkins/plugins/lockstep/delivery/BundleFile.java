package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A bundle that {@code lockstep plan ENV --out FILE} wrote. */
record BundleFile(Path file) implements BundleSource {

    private static final String HINT = "name a file that `lockstep plan ENV --out FILE` wrote";

    @Override
    public InputStream open() throws IOException {
        if (Files.isDirectory(file)) {
            throw DeliveryException.of(Problem.BAD_USAGE, file + " is a directory, and no bundle")
                    .hint(HINT);
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no file " + file)
                    .hint(HINT)
                    .causedBy(e);
        }
    }

    @Override
    public String place() {
        return file.toString();
    }
}
