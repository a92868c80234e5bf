package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A Spring Boot executable jar, taken apart into layers that change at their own pace.
 *
 * <p>The image has the jar's files under {@code /app} exactly as they are in the jar, nested jars byte for byte, and
 * starts the manifest's own {@code Main-Class} on them: the loader of that very Boot version (its package moved in 3.2),
 * or the properties launcher where the build chose it. The loader then takes the class path from the jar's index, as
 * {@code java -jar} does, but reads plain files instead of a jar in a jar. Times, order and compression of the jar's
 * entries, and whether it lists directories, make no difference.
 *
 * <p>Layers are those of the jar's layer index, in its order; without one they are dependencies, loader, snapshot
 * dependencies, resources and classes.
 */
final class BootJar implements AutoCloseable {

    /** Where Spring Boot looks for {@code config/application.properties}: {@code /config} is where configuration is mounted. */
    static final String WORKING_DIRECTORY = "/";

    private static final String HOME = "/app";
    private static final String LOADER = "org/springframework/boot/loader/";
    private static final int FILE = 0644;

    /** A tar is made of files that have an owner; which one makes no difference, as long as there is one. */
    private static final Map<String, String> READABLE_AS_TAR =
            Map.of("enablePosixFileAttributes", "true", "defaultOwner", "root", "defaultGroup", "root");

    private final FileSystem contents;
    private final Set<String> names;
    private final String mainClass;
    private final Function<String, String> layerOf;
    private final List<String> layerNames;

    private BootJar(
            FileSystem contents,
            Set<String> names,
            String mainClass,
            List<String> layerNames,
            Function<String, String> layerOf) {
        this.contents = contents;
        this.names = names;
        this.mainClass = mainClass;
        this.layerNames = layerNames;
        this.layerOf = layerOf;
    }

    /**
     * Opens a jar.
     *
     * @param field what the project file calls it, for messages
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is missing, no jar, no Spring Boot jar or a
     *     dangerous one
     */
    static BootJar open(Path jar, String field) {
        if (!Files.exists(jar)) {
            throw SourceFiles.missing(jar, field);
        }
        if (Files.isDirectory(jar)) {
            throw DeliveryException.of(Problem.BAD_INPUT, jar + " is a directory, not a jar")
                    .where(field)
                    .hint("name the jar in it, or list the directory under 'layers:'");
        }
        SourceFiles.refusePlaceholder(jar, field);
        Set<String> names = names(jar, field);
        FileSystem contents = null;
        try {
            contents = FileSystems.newFileSystem(jar, READABLE_AS_TAR);
            return of(jar, contents, names, field);
        } catch (IOException e) {
            close(contents);
            throw SourceFiles.unreadable(jar, e).where(field);
        } catch (RuntimeException e) {
            close(contents);
            throw e;
        }
    }

    private static BootJar of(Path jar, FileSystem contents, Set<String> names, String field) throws IOException {
        Attributes manifest = manifest(contents);
        String mainClass = manifest.getValue(Attributes.Name.MAIN_CLASS);
        if (manifest.getValue("Start-Class") == null || mainClass == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, jar + " is not a Spring Boot executable jar")
                    .where(field)
                    .why("its manifest has no " + (mainClass == null ? "Main-Class" : "Start-Class"))
                    .hint("name the jar that spring-boot:repackage or bootJar makes,"
                            + " or list the files under 'layers:' with an 'entrypoint:'");
        }
        String index = manifest.getValue("Spring-Boot-Layers-Index");
        Map<String, List<String>> layers =
                index == null || !names.contains(index) ? Map.of() : layerIndex(contents.getPath(index), field);
        if (!layers.isEmpty()) {
            return new BootJar(contents, names, mainClass, List.copyOf(layers.keySet()), name -> indexed(name, layers));
        }
        String classes = orElse(manifest.getValue("Spring-Boot-Classes"), "BOOT-INF/classes/");
        String libraries = orElse(manifest.getValue("Spring-Boot-Lib"), "BOOT-INF/lib/");
        return new BootJar(
                contents,
                names,
                mainClass,
                List.of("dependencies", "loader", "snapshot-dependencies", "resources", "classes"),
                name -> byPlace(name, classes, libraries));
    }

    /** Returns what starts the application. */
    List<String> entrypoint() {
        return List.of("java", "-cp", HOME, mainClass);
    }

    /** Returns the layers that have files, those that change least first. */
    List<ImageLayer> layers() {
        Map<String, List<ImageLayer.Entry>> entries = new LinkedHashMap<>();
        layerNames.forEach(name -> entries.put(name, new ArrayList<>()));
        for (String name : names) {
            List<ImageLayer.Entry> layer = entries.get(layerOf.apply(name));
            if (layer != null) {
                layer.add(new ImageLayer.Entry(contents.getPath(name), HOME + "/" + name, FILE));
            }
        }
        List<ImageLayer> layers = new ArrayList<>();
        entries.forEach((name, files) -> {
            if (!files.isEmpty()) {
                layers.add(new ImageLayer(name, files));
            }
        });
        return layers;
    }

    @Override
    public void close() {
        close(contents);
    }

    /** Reads the jar's directory by hand: a zip file system hides a name that is there twice. */
    private static Set<String> names(Path jar, String field) {
        Set<String> all = new HashSet<>();
        Set<String> files = new TreeSet<>();
        try (var zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (!isPlain(name)) {
                    throw dangerous(jar, field, "it has an entry '" + name + "', which leads out of its directory");
                }
                if (!all.add(name)) {
                    throw dangerous(jar, field, "it has two entries '" + name + "'");
                }
                if (!entry.isDirectory()) {
                    files.add(name);
                }
            }
            return files;
        } catch (ZipException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, jar + " is not a jar")
                    .where(field)
                    .why(e.getMessage())
                    .hint("name the jar that the build makes; a half-written one needs a new build")
                    .causedBy(e);
        } catch (IOException e) {
            throw SourceFiles.unreadable(jar, e).where(field);
        }
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

    private static DeliveryException dangerous(Path jar, String field, String why) {
        return DeliveryException.of(Problem.BAD_INPUT, jar + " can't be taken apart")
                .where(field)
                .why(why)
                .hint("find out what made the jar like this, and build it again");
    }

    private static Attributes manifest(FileSystem contents) throws IOException {
        Path file = contents.getPath("META-INF", "MANIFEST.MF");
        if (!Files.exists(file)) {
            return new Attributes();
        }
        try (var in = Files.newInputStream(file)) {
            return new Manifest(in).getMainAttributes();
        }
    }

    /** Reads Boot's {@code layers.idx}: {@code - "LAYER":} lines, each with {@code - "PATH"} lines below. */
    private static Map<String, List<String>> layerIndex(Path index, String field) throws IOException {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        List<String> paths = null;
        for (String line : Files.readAllLines(index)) {
            String text = line.strip();
            if (text.isEmpty()) {
                continue;
            }
            if (line.startsWith("- \"") && text.endsWith("\":")) {
                paths = layers.computeIfAbsent(text.substring(3, text.length() - 2), name -> new ArrayList<>());
            } else if (line.startsWith("  - \"") && text.length() > 3 && text.endsWith("\"") && paths != null) {
                paths.add(text.substring(3, text.length() - 1));
            } else {
                throw DeliveryException.of(Problem.BAD_INPUT, "the jar's layer index can't be read")
                        .where(field)
                        .why(index + " has a line '" + text + "'")
                        .hint("build the jar again with Spring Boot's own plugin");
            }
        }
        return layers;
    }

    /** What the index does not name is put on top, where it spoils no other layer. */
    private static String indexed(String name, Map<String, List<String>> layers) {
        String last = "";
        for (Map.Entry<String, List<String>> layer : layers.entrySet()) {
            for (String path : layer.getValue()) {
                if (path.endsWith("/") ? name.startsWith(path) : name.equals(path)) {
                    return layer.getKey();
                }
            }
            last = layer.getKey();
        }
        return last;
    }

    private static String byPlace(String name, String classes, String libraries) {
        if (name.startsWith(libraries)) {
            return name.contains("SNAPSHOT") ? "snapshot-dependencies" : "dependencies";
        }
        if (name.startsWith(LOADER)) {
            return "loader";
        }
        return name.startsWith(classes) && name.endsWith(".class") ? "classes" : "resources";
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static void close(@Nullable FileSystem contents) {
        try {
            if (contents != null) {
                contents.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
