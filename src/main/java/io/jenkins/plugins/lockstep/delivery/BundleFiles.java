package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundleReader;
import io.jenkins.plugins.lockstep.bundle.BundleWriter;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Bundles as files: written whole, for their owner alone, because there may be Secrets in them. */
final class BundleFiles {

    private BundleFiles() {}

    /** Writes a bundle in the place of what is there. */
    static void write(Path file, Bundle bundle) {
        try {
            WholeFiles.writePrivately(file, stream -> {
                var buffered = new BufferedOutputStream(stream);
                BundleWriter.write(bundle, buffered);
                buffered.flush();
            });
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the bundle can't be written")
                    .where(file.toString())
                    .why(WholeFiles.reason(e))
                    .hint("name a file in a directory that exists and that you may write to")
                    .causedBy(e);
        }
    }

    /** Reads a bundle and checks all of it; keeps what one environment gets. */
    static Bundle read(Path file, String environment) {
        if (Files.isDirectory(file)) {
            throw DeliveryException.of(Problem.BAD_USAGE, file + " is a directory, and no bundle")
                    .hint("name a file that `lockstep plan " + environment + " --out FILE` wrote");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return BundleReader.read(stream, file.toString(), environment);
        } catch (NoSuchFileException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no file " + file)
                    .hint("name a file that `lockstep plan " + environment + " --out FILE` wrote")
                    .causedBy(e);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle can't be read")
                    .where(file.toString())
                    .why(WholeFiles.reason(e))
                    .causedBy(e);
        }
    }
}
