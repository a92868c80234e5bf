package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Spring Boot executable jar or war, taken apart into layers that change at their own pace.
 *
 * <p>The image has the archive's files exactly as they are in it, nested jars byte for byte (but the build's own, see
 * {@link ModuleJars}), and starts the manifest's own {@code Main-Class} on them: the loader of that very Boot version (its
 * package moved in 3.2), or the properties launcher where the build chose it. The loader then takes the class path from
 * the archive's index, as {@code java -jar} does, but reads plain files instead of a jar in a jar. Times, order and
 * compression of entries, and whether directories are listed, make no difference.
 *
 * <p>Layers are those of the archive's layer index, in its order; without one they are dependencies, loader, snapshot
 * dependencies, resources and classes.
 */
final class BootArchive {

    private static final String LOADER = "org/springframework/boot/loader/";
    private static final int FILE = 0644;

    private final Archive archive;
    private final ModuleJars modules;
    private final String field;
    private final String classes;
    private final String libraries;

    BootArchive(Archive archive, ModuleJars modules, String field) {
        this.archive = archive;
        this.modules = modules;
        this.field = field;
        String home = archive.hasBelow("WEB-INF/") ? "WEB-INF/" : "BOOT-INF/";
        this.classes = orElse(archive.attribute("Spring-Boot-Classes"), home + "classes/");
        this.libraries = orElse(archive.attribute("Spring-Boot-Lib"), home + "lib/");
    }

    ApplicationContent content(String home) {
        String mainClass = Objects.requireNonNull(archive.attribute("Main-Class"));
        return new ApplicationContent(
                layers(home),
                List.of("java", "-cp", home.isEmpty() ? "/" : home, mainClass),
                ApplicationContent.WORKING_DIRECTORY);
    }

    private List<ImageLayer> layers(String home) {
        Map<String, List<String>> index = layerIndex();
        Function<String, String> layerOf = index.isEmpty() ? this::byPlace : name -> indexed(name, index);
        Map<String, List<ImageLayer.Entry>> entries = new LinkedHashMap<>();
        List<String> order = index.isEmpty()
                ? List.of(LibraryLayers.RELEASED, "loader", LibraryLayers.CHANGING, "resources", "classes")
                : List.copyOf(index.keySet());
        Map<String, List<ImageLayer.Entry>> released = new LinkedHashMap<>();
        order.forEach(name -> entries.put(name, new ArrayList<>()));
        order.forEach(name -> released.put(name, new ArrayList<>()));
        for (String name : archive.names()) {
            boolean module = isModule(name, index);
            boolean library = !module && isLibrary(name) && name.endsWith(".jar");
            List<ImageLayer.Entry> layer = (library ? released : entries).get(layerOf.apply(name));
            if (layer != null) {
                Path source = module ? modules.canonical(archive.path(name), field) : archive.path(name);
                layer.add(new ImageLayer.Entry(source, home + "/" + name, FILE));
            }
        }
        List<ImageLayer> layers = new ArrayList<>();
        for (String name : order) {
            List<ImageLayer.Entry> libraries = Objects.requireNonNull(released.get(name));
            List<ImageLayer.Entry> others = Objects.requireNonNull(entries.get(name));
            add(name, libraries, others, layers);
        }
        return layers;
    }

    /** What is no library stays together; a layer that fits into one is one. */
    private void add(
            String name, List<ImageLayer.Entry> libraries, List<ImageLayer.Entry> others, List<ImageLayer> layers) {
        List<ImageLayer> split = LibrarySplit.split(name, libraries, field);
        if (split.size() > 1) {
            layers.addAll(split);
            LibraryLayers.addLayer(name, others, layers);
        } else {
            List<ImageLayer.Entry> all = new ArrayList<>(libraries);
            all.addAll(others);
            LibraryLayers.addLayer(name, all, layers);
        }
    }

    private boolean isLibrary(String name) {
        return name.startsWith(libraries) || name.startsWith("WEB-INF/lib-provided/");
    }

    /** Boot's own plugins list jars of the same build by name, in the layer that has the application's classes. */
    private boolean isModule(String name, Map<String, List<String>> index) {
        if (!isLibrary(name) || !name.endsWith(".jar")) {
            return false;
        }
        return modules.includes(name.substring(name.lastIndexOf('/') + 1))
                || index.values().stream().anyMatch(paths -> paths.contains(classes) && paths.contains(name));
    }

    /** Reads Boot's {@code layers.idx}: {@code - "LAYER":} lines, each with {@code - "PATH"} lines below. */
    private Map<String, List<String>> layerIndex() {
        String index = archive.attribute("Spring-Boot-Layers-Index");
        if (index == null || !archive.names().contains(index)) {
            return Map.of();
        }
        try {
            return layerIndex(archive.path(index));
        } catch (IOException e) {
            throw SourceFiles.unreadable(archive.file(), e).where(field);
        }
    }

    private Map<String, List<String>> layerIndex(Path index) throws IOException {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        List<String> paths = null;
        for (String line : Files.readAllLines(index)) {
            String text = line.strip();
            if (text.isEmpty()) {
                continue;
            }
            if (line.startsWith("- \"") && text.length() > 4 && text.endsWith("\":")) {
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

    private String byPlace(String name) {
        if (isLibrary(name)) {
            return isModule(name, Map.of()) ? LibraryLayers.CHANGING : LibraryLayers.RELEASED;
        }
        if (name.startsWith(LOADER)) {
            return "loader";
        }
        return name.startsWith(classes) && name.endsWith(".class") ? "classes" : "resources";
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
