package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The lines of a bundle, one at a time and each within bounds, so that a small file can't fill the memory. */
final class BundleLines {

    /** Far more than the API server takes as one object. */
    static final int MOST_LINE_BYTES = 16 * 1024 * 1024;

    /** Far more than any application's environments render. */
    static final long MOST_BYTES = 1024L * 1024 * 1024;

    private final InputStream unzipped;
    private final String place;
    private final MessageDigest digest = Sha256.newDigest();
    private long total;
    private int number;

    BundleLines(InputStream stream, String place) throws IOException {
        this.place = place;
        try {
            this.unzipped = new BufferedInputStream(new GZIPInputStream(stream, 8192));
        } catch (ZipException e) {
            throw noBundle().causedBy(e);
        } catch (EOFException e) {
            throw noBundle().why("it is empty, or cut short").causedBy(e);
        }
    }

    /** Returns the number of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /** Returns the next line, null after the last one. */
    @Nullable
    String next() throws IOException {
        var line = new ByteArrayOutputStream();
        try {
            for (int next = unzipped.read(); next >= 0; next = unzipped.read()) {
                if (next == '\n') {
                    number++;
                    total += line.size() + 1L;
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
                if (line.size() > MOST_LINE_BYTES || total + line.size() > MOST_BYTES) {
                    throw failure("the bundle is too large to be one")
                            .why("line " + (number + 1)
                                    + " or all lines together have more bytes than a bundle may have");
                }
            }
        } catch (EOFException e) {
            throw cutShort().causedBy(e);
        } catch (ZipException e) {
            throw damaged("its compressed content is damaged").causedBy(e);
        }
        if (line.size() > 0) {
            throw cutShort();
        }
        return null;
    }

    /** Counts a line into the checksum. */
    void check(String line) {
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the checksum of the lines that were counted; may be called once. */
    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }

    DeliveryException noBundle() {
        return failure("this is no bundle").hint("name a file that `lockstep plan ENV --out FILE` wrote");
    }

    DeliveryException cutShort() {
        return failure("the bundle is cut short")
                .why("its end is missing")
                .hint("copy it again, or make the plan again: lockstep plan ENV --out FILE");
    }

    DeliveryException damaged(String why) {
        return failure("the bundle is damaged")
                .why(why)
                .hint("copy it again, or make the plan again: lockstep plan ENV --out FILE");
    }

    DeliveryException failure(String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(place);
    }
}
