package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.blob.BlobDescriptor;
import com.google.cloud.tools.jib.image.Layer;
import com.google.cloud.tools.jib.image.ReferenceLayer;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.image.ImageLayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Which layer came out when the same files were packed before, so that what a registry has need not be packed again to know
 * its digest. Beside the base images in the cache: digests and sizes, not the layers.
 *
 * <p>Layers are recognised by SHA-256 of everything that decides their bytes: each file's content, path and mode, and the
 * Java that compresses. Paths and times of the sources play no part.
 */
final class BuiltLayers {

    /** A new one where the same files give other bytes. */
    private static final String FORM = "1";

    private static final int BUFFER = 64 * 1024;

    private final CachedTexts texts;

    BuiltLayers(Path cacheDirectory) {
        this.texts = new CachedTexts(cacheDirectory.resolve("built"));
    }

    /** Returns what a layer is recognised by; reads all of its files. */
    static String key(ImageLayer layer) throws IOException {
        MessageDigest key = Sha256.newDigest();
        add(key, FORM);
        add(key, System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        byte[] buffer = new byte[BUFFER];
        for (ImageLayer.Entry entry : layer.entries()) {
            add(key, entry.target());
            add(key, Integer.toOctalString(entry.mode()));
            add(key, Files.isDirectory(entry.source()) ? "directory" : content(entry.source(), buffer));
        }
        return HexFormat.of().formatHex(key.digest());
    }

    Optional<Layer> get(String key) throws IOException {
        List<String> lines = texts.get(key).map(found -> found.lines().toList()).orElse(List.of());
        if (lines.size() != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReferenceLayer(
                    new BlobDescriptor(Long.parseLong(lines.get(2)), DescriptorDigest.fromDigest(lines.get(0))),
                    DescriptorDigest.fromDigest(lines.get(1))));
        } catch (DigestException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void put(String key, Layer layer) throws IOException {
        texts.put(
                key,
                String.join(
                        "\n",
                        layer.getBlobDescriptor().getDigest().toString(),
                        layer.getDiffId().toString(),
                        Long.toString(layer.getBlobDescriptor().getSize())));
    }

    private static String content(Path file, byte[] buffer) throws IOException {
        MessageDigest content = Sha256.newDigest();
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                content.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(content.digest());
    }

    private static void add(MessageDigest key, String part) {
        key.update(part.getBytes(StandardCharsets.UTF_8));
        key.update((byte) 0);
    }
}
