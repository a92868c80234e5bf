package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes an image's specification out of the project file, the build's outputs and the commit.
 *
 * <p>A jar is not unpacked: its entries are read where they are while the image is built, so that the assembly must stay
 * open until then. Nothing of it is held in memory but names.
 *
 * <pre>{@code
 * try (var assembly = ImageAssembly.open(definition, directory, facts)) {
 *     store.push(assembly.spec(), reference, progress);
 * }
 * }</pre>
 */
public final class ImageAssembly implements AutoCloseable {

    private final ImageSpec spec;
    private final @Nullable BootJar jar;

    private ImageAssembly(ImageSpec spec, @Nullable BootJar jar) {
        this.spec = spec;
        this.jar = jar;
    }

    /**
     * Finds everything that the image is made of.
     *
     * @param directory the project file's directory
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a file is missing, of the wrong kind, or where two
     *     different ones claim one path of the image; {@code where} names the field of the project file
     */
    public static ImageAssembly open(ImageDefinition definition, Path directory, ImageFacts facts) {
        String image = "image " + definition.name();
        String from = definition.from();
        if (from == null && definition.layers().isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "nothing says what the image holds")
                    .where(image)
                    .hint("name the jar with 'from:', or list files and directories under 'layers:'");
        }
        requireArchive(definition, directory, image + ": base");
        BootJar jar = from == null ? null : BootJar.open(resolve(directory, from, image + ": from"), image + ": from");
        try {
            List<ImageLayer> layers = new ArrayList<>();
            if (jar != null) {
                layers.addAll(jar.layers());
            }
            for (int i = 0; i < definition.layers().size(); i++) {
                ImageDefinition.Layer layer = definition.layers().get(i);
                String field = image + ": layers[" + i + "]";
                layers.add(FileLayer.read(
                        layer, resolve(directory, layer.from(), field + ".from"), field, facts.executable()));
            }
            layers = OnePerPath.check(layers, image);
            return new ImageAssembly(spec(definition, directory, layers, jar, facts), jar);
        } catch (RuntimeException e) {
            if (jar != null) {
                jar.close();
            }
            throw e;
        }
    }

    /** Returns the specification; its files can be read until {@link #close()}. */
    public ImageSpec spec() {
        return spec;
    }

    @Override
    public void close() {
        if (jar != null) {
            jar.close();
        }
    }

    private static void requireArchive(ImageDefinition definition, Path directory, String field) {
        if (Base.of(definition.base(), directory) instanceof Base.Archive archive) {
            if (!Files.isRegularFile(archive.file())) {
                throw SourceFiles.missing(archive.file(), field);
            }
            SourceFiles.refusePlaceholder(archive.file(), field);
        }
    }

    private static Path resolve(Path directory, String path, String field) {
        // As in every other path of the project file: a backslash written on Windows is read everywhere.
        Path relative = Path.of(path.replace('\\', '/'));
        if (relative.isAbsolute()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + path + "' is an absolute path")
                    .where(field)
                    .hint("write it relative to the project file: another clone has it elsewhere");
        }
        return directory.resolve(relative).normalize();
    }

    private static ImageSpec spec(
            ImageDefinition definition,
            Path directory,
            List<ImageLayer> layers,
            @Nullable BootJar jar,
            ImageFacts facts) {
        List<String> entrypoint = definition.entrypoint();
        String workingDirectory = definition.workingDirectory();
        if (jar != null) {
            entrypoint = entrypoint == null ? jar.entrypoint() : entrypoint;
            workingDirectory = workingDirectory == null ? BootJar.WORKING_DIRECTORY : workingDirectory;
        }
        return new ImageSpec(
                Base.of(definition.base(), directory),
                layers,
                entrypoint,
                definition.command(),
                new TreeMap<>(definition.environment()),
                labels(definition, facts),
                definition.user(),
                workingDirectory,
                definition.ports(),
                definition.platforms(),
                facts.revision().committedAt());
    }

    /** The file may say another version or source; revision and time are what the commit says, whatever the file does. */
    private static Map<String, String> labels(ImageDefinition definition, ImageFacts facts) {
        Map<String, String> labels = new TreeMap<>();
        String version = facts.version();
        labels.put(
                "org.opencontainers.image.version",
                version == null ? facts.revision().id() : version);
        String source = facts.source();
        if (source != null) {
            labels.put("org.opencontainers.image.source", source);
        }
        labels.putAll(definition.labels());
        labels.put(StoredImage.REVISION_LABEL, facts.revision().id());
        labels.put(
                "org.opencontainers.image.created",
                facts.revision().committedAt().toString());
        return labels;
    }

    /** Different files can't be at one path: which of them wins would hang on the order of layers. */
    private static final class OnePerPath {

        private final Map<String, ImageLayer.Entry> byTarget = new HashMap<>();

        static List<ImageLayer> check(List<ImageLayer> layers, String image) {
            var seen = new OnePerPath();
            List<ImageLayer> checked = new ArrayList<>();
            for (ImageLayer layer : layers) {
                List<ImageLayer.Entry> kept = layer.entries().stream()
                        .filter(entry -> seen.isNew(entry, image))
                        .toList();
                checked.add(new ImageLayer(layer.name(), kept));
            }
            seen.checkParents(image);
            return checked;
        }

        private boolean isNew(ImageLayer.Entry entry, String image) {
            ImageLayer.Entry other = byTarget.putIfAbsent(entry.target(), entry);
            if (other != null && !SourceFiles.same(other, entry)) {
                throw clash(other, entry, image);
            }
            return other == null;
        }

        private void checkParents(String image) {
            for (ImageLayer.Entry entry : byTarget.values()) {
                String target = entry.target();
                for (int slash = target.lastIndexOf('/'); slash > 0; slash = target.lastIndexOf('/', slash - 1)) {
                    ImageLayer.Entry parent = byTarget.get(target.substring(0, slash));
                    if (parent != null && !SourceFiles.isDirectory(parent.source())) {
                        throw clash(parent, entry, image);
                    }
                }
            }
        }

        private static DeliveryException clash(ImageLayer.Entry one, ImageLayer.Entry other, String image) {
            return DeliveryException.of(
                            Problem.BAD_INPUT, "two different files want to be at " + one.target() + " in the image")
                    .where(image)
                    .why(one.source() + " and " + other.source()
                            + (one.target().equals(other.target()) ? "" : " at " + other.target()))
                    .hint("give one of them another 'to:'");
        }
    }
}
