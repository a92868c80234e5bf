package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Glob;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Jars that the same build makes as the application: they are new in every build, even where nothing in them is.
 *
 * <p>Such a jar has {@code SNAPSHOT} in its name, or a name that {@code modules:} of the project file takes. Names decide
 * and nothing else, neither times nor what else is on the disk, so that every machine decides alike. A released library
 * is never touched: scanners and people know it by its checksum.
 *
 * <p>Canonical form: the manifest first, then all names sorted, every directory listed, one time, no extra fields, no
 * comments, entries stored (the layer compresses them, better than each for itself, and no version of zlib has a say). The
 * content of entries is not changed. A signed jar is left as it is: its signer vouches for its manifest, and nobody should
 * find it other than it was handed out.
 */
final class ModuleJars {

    /** The first minute of 1980 would do, but Java then adds the time in the machine's zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final Comparator<String> MANIFEST_FIRST = Comparator.<String>comparingInt(
                    name -> name.equals("META-INF/") ? 0 : name.equals(JarFile.MANIFEST_NAME) ? 1 : 2)
            .thenComparing(Comparator.naturalOrder());

    private final List<String> globs;
    private final Set<String> unused;
    private final OpenSources sources;

    ModuleJars(List<String> globs, OpenSources sources) {
        this.globs = globs;
        this.unused = new LinkedHashSet<>(globs);
        this.sources = sources;
    }

    /** Tells whether a jar is one of the build's own, by its file name. */
    boolean includes(String name) {
        boolean listed = false;
        for (String glob : globs) {
            if (new Glob(glob).matches(name)) {
                unused.remove(glob);
                listed = true;
            }
        }
        return listed || name.contains("SNAPSHOT");
    }

    /** Refuses a pattern that took no jar: it is mistyped, and its jars would make digests differ. */
    void requireAllUsed(String field) {
        if (!unused.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no jar of the application is named '" + first() + "'")
                    .where(field)
                    .hint("correct the pattern, or take it out; it is compared with file names like cart-api-1.0.jar");
        }
    }

    private String first() {
        return unused.iterator().next();
    }

    /**
     * Returns a jar in canonical form, or itself where it is signed.
     *
     * @param jar a file, or an entry of an open archive
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is no jar, or a damaged one
     */
    Path canonical(Path jar, String field) {
        try {
            if (jar.getFileSystem().equals(FileSystems.getDefault())) {
                return canonical(jar, jar, field);
            }
            // Entries are needed in another order than they come in: a jar in a jar can only be read from its
            // beginning.
            Path copy = sources.newFile();
            Files.copy(jar, copy);
            try {
                return canonical(jar, copy, field);
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw SourceFiles.unreadable(jar, e).where(field);
        }
    }

    private Path canonical(Path jar, Path readable, String field) throws IOException {
        try (ZipFile zip = Archive.zip(readable, field)) {
            Set<String> names = Archive.names(zip, jar, field);
            if (Archive.isSigned(names)) {
                return jar;
            }
            Path packed = sources.newFile();
            try (var out = new ZipOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(packed, StandardOpenOption.CREATE_NEW)))) {
                write(zip, names, out);
            }
            return packed;
        } catch (ZipException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, jar + " is damaged")
                    .where(field)
                    .why(e.getMessage())
                    .hint("build it again")
                    .causedBy(e);
        }
    }

    private static void write(ZipFile zip, Set<String> names, ZipOutputStream out) throws IOException {
        Set<String> all = new TreeSet<>(MANIFEST_FIRST);
        all.addAll(names);
        names.forEach(name -> addParents(name, all));
        out.setMethod(ZipOutputStream.STORED);
        for (String name : all) {
            var entry = new ZipEntry(name);
            entry.setTimeLocal(TIME);
            ZipEntry original = name.endsWith("/") ? null : zip.getEntry(name);
            entry.setSize(original == null ? 0 : original.getSize());
            entry.setCrc(original == null ? 0 : original.getCrc());
            out.putNextEntry(entry);
            if (original != null) {
                try (InputStream in = zip.getInputStream(original)) {
                    in.transferTo(out);
                }
            }
            out.closeEntry();
        }
    }

    private static void addParents(String name, Set<String> all) {
        for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
            if (!all.add(name.substring(0, slash + 1))) {
                return;
            }
        }
    }
}
