package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of an OCI image layout.
 *
 * <p>Readers need no lock: a blob appears under its name when it is complete, and {@code index.json} is replaced in one
 * step. Writers of the index take turns by a lock on the file {@code .lock}.
 */
final class OciLayout {

    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String BLOBS = "blobs/sha256/";
    private static final long LOCK_RETRY_MILLIS = 20;

    private final Path directory;

    OciLayout(Path directory) {
        this.directory = directory;
    }

    /** Returns the digest that the index has for a tag, or the reference's own where the index has it in its repository. */
    Optional<String> digest(ImageReference reference) throws IOException {
        String digest = reference.digest();
        String name = name(reference);
        return manifests(index()).stream()
                .filter(manifest -> digest == null
                        ? name.equals(refName(manifest))
                        : digest.equals(manifest.get("digest"))
                                && refName(manifest).startsWith(reference.repository() + ":"))
                .map(manifest -> String.valueOf(manifest.get("digest")))
                .findFirst();
    }

    /**
     * Returns the image configuration, of the first platform where it is an index; empty where any blob of any platform
     * is missing or cut short.
     */
    Optional<String> configuration(String digest) throws IOException {
        Optional<Path> file = blob(digest);
        if (file.isEmpty() || !(read(file.get()) instanceof Map<?, ?> image)) {
            return Optional.empty();
        }
        return image.containsKey("manifests") ? firstConfiguration(image) : configuration(image);
    }

    private Optional<String> firstConfiguration(Map<?, ?> index) throws IOException {
        Optional<String> first = Optional.empty();
        for (Map<?, ?> manifest : manifests(index)) {
            Optional<String> next = isComplete(manifest)
                            && read(path(String.valueOf(manifest.get("digest")))) instanceof Map<?, ?> image
                    ? configuration(image)
                    : Optional.empty();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            first = first.or(() -> next);
        }
        return first;
    }

    private Optional<String> configuration(Map<?, ?> image) throws IOException {
        List<?> layers = image.get("layers") instanceof List<?> list ? list : List.of();
        List<Object> parts = new ArrayList<>(layers);
        parts.add(Objects.requireNonNullElse(image.get("config"), Map.of()));
        for (Object part : parts) {
            if (!(part instanceof Map<?, ?> descriptor) || !isComplete(descriptor)) {
                return Optional.empty();
            }
        }
        Map<?, ?> config = (Map<?, ?>) parts.get(parts.size() - 1);
        return Optional.of(Files.readString(path(String.valueOf(config.get("digest")))));
    }

    /** Returns the file of a blob that is there. */
    Path path(String digest) throws IOException {
        return blob(digest).orElseThrow(() -> new IOException(directory + " has no blob " + digest));
    }

    /** Returns the size of a blob that is there, in bytes. */
    long size(String digest) throws IOException {
        return Files.size(path(digest));
    }

    /** Takes a small blob. */
    void add(byte[] content) throws IOException {
        Files.createDirectories(directory.resolve(BLOBS));
        addBlob(Sha256.hex(content), content.length, new ByteArrayInputStream(content));
    }

    /** Returns the blobs for reading. */
    ImageBlobs blobs() {
        return new ImageBlobs() {
            @Override
            public String manifest(String digest) throws IOException {
                return text(digest);
            }

            @Override
            public String text(String digest) throws IOException {
                return Files.readString(existing(digest));
            }

            @Override
            public void copy(String digest, OutputStream to) throws IOException {
                Files.copy(existing(digest), to);
            }

            @Override
            public void close() {}
        };
    }

    /** Takes the blobs of an OCI tar that the layout does not have yet. */
    void addBlobs(Path tar) throws IOException {
        Files.createDirectories(directory.resolve(BLOBS));
        try (var in = new TarArchiveInputStream(Files.newInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().startsWith(BLOBS)) {
                    addBlob(entry.getName().substring(BLOBS.length()), entry.getSize(), in);
                }
            }
        }
    }

    /** Lets a tag name a manifest or an index, whatever it named before. */
    void tag(ImageReference reference, String digest, String mediaType) throws IOException, InterruptedException {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", digest);
        descriptor.put("size", size(digest));
        descriptor.put("annotations", Map.of(REF_NAME, name(reference)));
        changeIndex(manifests -> {
            manifests.removeIf(manifest -> name(reference).equals(refName((Map<?, ?>) manifest)));
            manifests.add(descriptor);
        });
    }

    /** Returns the tags of a repository, sorted. */
    List<String> tags(String repository) throws IOException {
        return manifests(index()).stream()
                .map(OciLayout::refName)
                .filter(name -> name.startsWith(repository + ":"))
                .map(name -> name.substring(repository.length() + 1))
                .sorted()
                .toList();
    }

    /**
     * Takes an image out of the index, under all its tags in that repository. Its blobs stay: others may share them, and
     * somebody may be reading.
     */
    void untag(String repository, String digest) throws IOException, InterruptedException {
        if (Files.exists(directory.resolve("index.json"))) {
            changeIndex(manifests -> manifests.removeIf(manifest -> manifest instanceof Map<?, ?> descriptor
                    && digest.equals(descriptor.get("digest"))
                    && refName(descriptor).startsWith(repository + ":")));
        }
    }

    private void changeIndex(Consumer<List<Object>> change) throws IOException, InterruptedException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel);
            Map<?, ?> old = index();
            List<Object> manifests = new ArrayList<>(manifests(old));
            change.accept(manifests);
            Map<Object, Object> index = new LinkedHashMap<>();
            index.put("schemaVersion", 2);
            index.put("mediaType", OciIndex.MEDIA_TYPE);
            index.putAll(old);
            index.put("manifests", manifests);
            replace("oci-layout", Json.write(Map.of("imageLayoutVersion", "1.0.0")));
            replace("index.json", Json.write(index));
        }
    }

    private void addBlob(String hash, long size, InputStream content) throws IOException {
        Path blobs = directory.resolve(BLOBS);
        Path blob = blobs.resolve(hash);
        if (Files.exists(blob) && Files.size(blob) == size) {
            return;
        }
        Path incoming = incoming(blobs);
        try {
            MessageDigest digest = Sha256.newDigest();
            Files.copy(new DigestInputStream(content, digest), incoming, StandardCopyOption.REPLACE_EXISTING);
            if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
                throw new IOException("the content of blob " + hash + " does not match its name");
            }
            Files.move(incoming, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private void replace(String name, String content) throws IOException {
        Path incoming = incoming(directory);
        try {
            Files.writeString(incoming, content);
            Files.move(
                    incoming,
                    directory.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    /** A temporary file of Java's own making could be read by nobody else, under its final name too. */
    private static Path incoming(Path parent) {
        return parent.resolve(".incoming-" + UUID.randomUUID());
    }

    /** Locks until the channel is closed. Asks again and again: Java refuses to wait for another thread of its own process. */
    private static void lock(FileChannel channel) throws IOException, InterruptedException {
        while (!tryLock(channel)) {
            Thread.sleep(LOCK_RETRY_MILLIS);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private Map<?, ?> index() throws IOException {
        Path file = directory.resolve("index.json");
        if (!Files.exists(file)) {
            return Map.of();
        }
        if (read(file) instanceof Map<?, ?> index) {
            return index;
        }
        throw new IOException(file + " is no index of images");
    }

    private static List<Map<?, ?>> manifests(Map<?, ?> index) {
        List<Map<?, ?>> manifests = new ArrayList<>();
        if (index.get("manifests") instanceof List<?> list) {
            for (Object manifest : list) {
                if (manifest instanceof Map<?, ?> descriptor) {
                    manifests.add(descriptor);
                }
            }
        }
        return manifests;
    }

    private static String refName(Map<?, ?> manifest) {
        return manifest.get("annotations") instanceof Map<?, ?> annotations
                ? String.valueOf(annotations.get(REF_NAME))
                : "";
    }

    private static String name(ImageReference reference) {
        String tag = reference.tag();
        return reference.repository() + ":" + (tag == null ? "latest" : tag);
    }

    private boolean isComplete(Map<?, ?> descriptor) throws IOException {
        Optional<Path> blob = blob(String.valueOf(descriptor.get("digest")));
        return blob.isPresent()
                && descriptor.get("size") instanceof Number size
                && Files.size(blob.get()) == size.longValue();
    }

    private Optional<Path> blob(String digest) {
        return Stream.of(digest)
                .filter(text -> text.matches("sha256:[0-9a-f]{64}"))
                .map(text -> directory.resolve(BLOBS).resolve(text.substring("sha256:".length())))
                .filter(Files::exists)
                .findFirst();
    }

    private Path existing(String digest) throws IOException {
        return blob(digest).orElseThrow(() -> new NoSuchFileException(directory.resolve(BLOBS) + "/" + digest));
    }

    private static @Nullable Object read(Path json) throws IOException {
        try {
            return Json.read(Files.readString(json));
        } catch (DeliveryException e) {
            throw new IOException(json + " is not valid JSON", e);
        }
    }
}
