package io.jenkins.plugins.lockstep.common;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compressed bytes in memory. */
public final class Gzip {

    private Gzip() {}

    /** Compresses; the header has neither time nor name, so that the same content always gives the same bytes. */
    public static byte[] compress(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var zipped = new GZIPOutputStream(bytes)) {
            zipped.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decompresses.
     *
     * @param most how many bytes may come out
     * @throws IOException where the bytes are damaged, or more than {@code most} come out
     */
    public static byte[] decompress(byte[] compressed, int most) throws IOException {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] content = unzipped.readNBytes(most);
            if (unzipped.read() >= 0) {
                throw new IOException("more than " + most + " bytes");
            }
            return content;
        }
    }
}
