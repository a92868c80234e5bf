package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundleReader;
import io.jenkins.plugins.lockstep.bundle.BundleWriter;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Bundles where they are kept; files are written whole, for their owner alone, because there may be Secrets in them. */
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
    static Bundle read(BundleSource source, String environment) {
        return read(source, stream -> BundleReader.read(stream, source.place(), environment));
    }

    /** Reads a bundle and checks all of it; no object is ever in memory. */
    static Bundle readWithoutObjects(BundleSource source) {
        return read(source, stream -> BundleReader.readWithoutObjects(stream, source.place()));
    }

    private static Bundle read(BundleSource source, Reader reader) {
        try (InputStream stream = source.open()) {
            return reader.read(stream);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle can't be read")
                    .where(source.place())
                    .why(WholeFiles.reason(e))
                    .causedBy(e);
        }
    }

    private interface Reader {
        Bundle read(InputStream stream) throws IOException;
    }
}
