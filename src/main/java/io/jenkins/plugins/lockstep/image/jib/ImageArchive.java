package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A tar with images in it, read from where it is: nothing is unpacked, and no name in it ever becomes a path of this
 * machine.
 *
 * <p>Older Dockers save equal layers once, with symbolic links from the others; a link is followed once, inside the archive.
 */
final class ImageArchive {

    /** Bytes of a manifest, an index or a configuration; registries take no larger ones. */
    private static final int LONGEST_DOCUMENT = 4 * 1024 * 1024;

    /** Several for each layer; far more than any image has. */
    private static final int MOST_ENTRIES = 20_000;

    /** Bytes of all of them together; they are held in memory. */
    private static final int MOST_DOCUMENTS = 64 * 1024 * 1024;

    private final Path file;
    private final Map<String, String> places;
    private long read;

    private ImageArchive(Path file, Map<String, String> places) {
        this.file = file;
        this.places = places;
    }

    /**
     * Reads what is in a file.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none, or no tar
     */
    static ImageArchive open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no file " + file)
                    .where("image base")
                    .hint("write it, for example with 'docker save --output FILE IMAGE', or correct 'base:' in the"
                            + " project file");
        }
        Map<String, String> places = new HashMap<>();
        var archive = new ImageArchive(file, places);
        try (TarArchiveInputStream tar = archive.tar()) {
            int entries = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > MOST_ENTRIES) {
                    throw archive.unusable("it has more than " + MOST_ENTRIES + " entries");
                }
                archive.note(entry);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw archive.unusable("it is no tar, or is cut short").causedBy(e);
        }
        return archive;
    }

    Path file() {
        return file;
    }

    boolean has(String name) {
        return normal(name).map(places::get).isPresent();
    }

    /** Returns a JSON document of the archive. */
    @Nullable
    Object document(String name) {
        try {
            return Json.read(new String(bytes(name), StandardCharsets.UTF_8));
        } catch (DeliveryException e) {
            throw e.problem() == Problem.BAD_INPUT && e.where() != null
                    ? e
                    : unusable(name + " in it is not valid JSON").causedBy(e);
        }
    }

    /** Returns a small file of the archive. */
    byte[] bytes(String name) {
        try (InputStream content = open(name)) {
            byte[] bytes = content.readNBytes(LONGEST_DOCUMENT + 1);
            read += bytes.length;
            if (bytes.length > LONGEST_DOCUMENT || read > MOST_DOCUMENTS) {
                throw unusable(name + " in it is larger than any manifest or configuration, or they are too many");
            }
            return bytes;
        } catch (IOException e) {
            throw unusable(name + " in it can't be read").causedBy(e);
        }
    }

    /** Opens a file of the archive; to be closed by the caller. */
    InputStream open(String name) throws IOException {
        String wanted = normal(name).map(places::get).orElse(null);
        if (wanted == null) {
            throw unusable("it has no file '" + name + "', which its own manifest names");
        }
        TarArchiveInputStream tar = tar();
        try {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (isContent(entry) && name(entry).filter(wanted::equals).isPresent()) {
                    // Not the stream itself: a reader must not get on to the next entry.
                    return new FilterInputStream(tar) {};
                }
            }
            throw unusable("a link in it leads to '" + wanted + "', which is no file of it");
        } catch (IOException | RuntimeException e) {
            tar.close();
            throw e;
        }
    }

    /** Starts the failure for a file that is no image. */
    DeliveryException unusable(String why) {
        return DeliveryException.of(Problem.BAD_INPUT, "can't build on " + file)
                .where("image base")
                .why(why)
                .hint(
                        "write it again, with 'docker save', 'podman save' or a tool that writes OCI layouts; a tar is not to"
                                + " be compressed as a whole");
    }

    private void note(TarArchiveEntry entry) {
        name(entry).ifPresent(name -> place(name, entry).ifPresent(place -> places.putIfAbsent(name, place)));
    }

    private TarArchiveInputStream tar() throws IOException {
        return new TarArchiveInputStream(
                new BufferedInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8.name());
    }

    /** Returns the name under which the content is: the entry's own, or what a link leads to. */
    private static Optional<String> place(String name, TarArchiveEntry entry) {
        if (isContent(entry)) {
            return Optional.of(name);
        }
        if (entry.isSymbolicLink()) {
            return RepositoryPath.resolve(RepositoryPath.parent(name), entry.getLinkName());
        }
        return entry.isLink() ? normal(entry.getLinkName()) : Optional.empty();
    }

    /** A sparse file can be a thousand times larger than the tar; no tool writes images with such. */
    private static boolean isContent(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isSymbolicLink() && !entry.isLink() && !entry.isSparse();
    }

    private static Optional<String> name(TarArchiveEntry entry) {
        return normal(entry.getName());
    }

    /** Returns nothing for a name that is absolute or climbs out. */
    private static Optional<String> normal(String name) {
        return RepositoryPath.resolve("", name);
    }
}
