package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * An opened jar or war whose entries can be taken apart without danger.
 *
 * <p>It is opened by its directory of entries, not by unpacking; entries are read where they are.
 */
final class Archive implements AutoCloseable {

    /** A tar is made of files that have an owner; which one makes no difference, as long as there is one. */
    private static final Map<String, String> READABLE_AS_TAR =
            Map.of("enablePosixFileAttributes", "true", "defaultOwner", "root", "defaultGroup", "root");

    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.SF", Pattern.CASE_INSENSITIVE);

    private final Path file;
    private final FileSystem contents;
    private final Set<String> names;
    private final Attributes manifest;

    private Archive(Path file, FileSystem contents, Set<String> names, Attributes manifest) {
        this.file = file;
        this.contents = contents;
        this.names = names;
        this.manifest = manifest;
    }

    /**
     * Opens a jar or war.
     *
     * @param field what the project file calls it, for messages
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is missing, no archive or a dangerous one
     */
    static Archive open(Path file, String field) {
        Set<String> names;
        Attributes manifest;
        try (ZipFile zip = zip(file, field)) {
            names = names(zip, file, field);
            manifest = manifest(zip);
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e).where(field);
        }
        try {
            return new Archive(file, FileSystems.newFileSystem(file, READABLE_AS_TAR), names, manifest);
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e).where(field);
        }
    }

    /**
     * Opens a file as a zip.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is missing or no whole zip
     */
    static ZipFile zip(Path file, String field) {
        if (!Files.exists(file)) {
            throw SourceFiles.missing(file, field);
        }
        SourceFiles.refusePlaceholder(file, field);
        try {
            return new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw notAJar(file, field, e);
        } catch (IOException e) {
            throw SourceFiles.unreadable(file, e).where(field);
        }
    }

    /** Reads the main attributes; none where there is no manifest. */
    static Attributes manifest(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            return new Attributes();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return new Manifest(in).getMainAttributes();
        }
    }

    /** Returns the names of the files in an archive, sorted; a zip file system would hide a name that is there twice. */
    static Set<String> names(ZipFile zip, Path file, String field) {
        Set<String> all = new HashSet<>();
        Set<String> files = new TreeSet<>();
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            if (!isPlain(name)) {
                throw dangerous(file, field, "it has an entry '" + name + "', which leads out of its directory");
            }
            if (!all.add(name)) {
                throw dangerous(file, field, "it has two entries '" + name + "'")
                        .hint(
                                "let the build keep one of them (Gradle: duplicatesStrategy = DuplicatesStrategy.EXCLUDE)");
            }
            if (!entry.isDirectory()) {
                files.add(name);
            }
        }
        return files;
    }

    /** Tells whether somebody has vouched for exactly this content; whoever changes a byte of it breaks that. */
    static boolean isSigned(Set<String> names) {
        return names.stream().anyMatch(name -> SIGNATURE.matcher(name).matches());
    }

    Path file() {
        return file;
    }

    /** Returns the names of the files, sorted; directories are left out. */
    Set<String> names() {
        return names;
    }

    boolean hasBelow(String directory) {
        return names.stream().anyMatch(name -> name.startsWith(directory));
    }

    @Nullable
    String attribute(String name) {
        return manifest.getValue(name);
    }

    Attributes manifest() {
        return manifest;
    }

    /** Returns where an entry can be read until the archive is closed. */
    Path path(String name) {
        return contents.getPath(name);
    }

    @Override
    public void close() throws IOException {
        contents.close();
    }

    static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isPlain(String name) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (path.isEmpty() || path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static DeliveryException notAJar(Path file, String field, ZipException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (reason.contains("encrypted")) {
            return DeliveryException.of(Problem.BAD_INPUT, file + " has encrypted entries")
                    .where(field)
                    .why("no Java can load classes from it")
                    .hint("build it without a password")
                    .causedBy(failure);
        }
        return DeliveryException.of(Problem.BAD_INPUT, file + " is not a jar")
                .where(field)
                .why((startsLikeAZip(file) ? "it begins like one, but is cut short or damaged: " : "") + reason)
                .hint("name the jar that the build makes; a half-written one needs a new build")
                .causedBy(failure);
    }

    private static boolean startsLikeAZip(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 'P' && in.read() == 'K';
        } catch (IOException e) {
            return false;
        }
    }

    private static DeliveryException dangerous(Path file, String field, String why) {
        return DeliveryException.of(Problem.BAD_INPUT, file + " can't be taken apart")
                .where(field)
                .why(why)
                .hint("find out what made the jar like this, and build it again");
    }
}
