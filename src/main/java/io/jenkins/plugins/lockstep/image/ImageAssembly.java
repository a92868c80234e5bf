package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

    private static final int ANYBODY_MAY_START = 0111;

    private final ImageSpec spec;
    private final OpenSources sources;

    private ImageAssembly(ImageSpec spec, OpenSources sources) {
        this.spec = spec;
        this.sources = sources;
    }

    /**
     * Finds everything that the image is made of.
     *
     * @param directory the project file's directory
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a file is missing, of the wrong kind, or where two
     *     different ones claim one path of the image; {@code where} names the field of the project file
     */
    public static ImageAssembly open(ImageDefinition definition, Path directory, ImageFacts facts) {
        var sources = new OpenSources();
        try {
            return new ImageAssembly(spec(definition, directory, facts, sources), sources);
        } catch (RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    /** Returns the specification; its files can be read until {@link #close()}. */
    public ImageSpec spec() {
        return spec;
    }

    @Override
    public void close() {
        sources.close();
    }

    private static ImageSpec spec(ImageDefinition definition, Path directory, ImageFacts facts, OpenSources sources) {
        String image = "image " + definition.name();
        var tree = new ProjectTree(directory, facts.committed());
        ImageDefinition.Application application = definition.application();
        if (application == null && definition.layers().isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "nothing says what the image holds")
                    .where(image)
                    .hint("name the jar with 'from:', or list files and directories under 'layers:'");
        }
        Base base = base(definition, directory, tree, image + ": base");
        ApplicationContent content = application == null
                ? new ApplicationContent(List.of(), null, null)
                : new ApplicationReader(definition, application, tree, sources).read();
        List<ImageLayer> layers = new ArrayList<>(content.layers());
        for (int i = 0; i < definition.layers().size(); i++) {
            layers.add(FileLayer.read(definition.layers().get(i), image + ": layers[" + i + "]", tree));
        }
        layers = OnePerPath.check(layers, image);
        List<String> entrypoint = definition.entrypoint() == null ? content.entrypoint() : definition.entrypoint();
        String workingDirectory =
                definition.workingDirectory() == null ? content.workingDirectory() : definition.workingDirectory();
        requireExecutable(entrypoint, layers, image);
        return new ImageSpec(
                base,
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

    private static Base base(ImageDefinition definition, Path directory, ProjectTree tree, String field) {
        Base base = Base.of(definition.base(), directory);
        if (!(base instanceof Base.Archive archive)) {
            return base;
        }
        Path file = tree.follow(archive.file(), field);
        if (!Files.isRegularFile(file)) {
            throw SourceFiles.missing(archive.file(), field);
        }
        SourceFiles.refusePlaceholder(file, field);
        return new Base.Archive(file, archive.image());
    }

    /** What can't be started is found out here, not by the first pod. */
    private static void requireExecutable(@Nullable List<String> entrypoint, List<ImageLayer> layers, String image) {
        String program = entrypoint == null || entrypoint.isEmpty() ? "" : entrypoint.get(0);
        for (ImageLayer layer : layers) {
            for (ImageLayer.Entry entry : layer.entries()) {
                if (entry.target().equals(program)
                        && (entry.mode() & ANYBODY_MAY_START) == 0
                        && !SourceFiles.isDirectory(entry.source())) {
                    throw DeliveryException.of(Problem.BAD_INPUT, "the image can't start " + program)
                            .where(image + ": entrypoint")
                            .why("the file has mode 0" + Integer.toOctalString(entry.mode())
                                    + " in the image, which lets nobody run it")
                            .hint("write mode: \"0755\" where layers: names it, or commit it as executable (git"
                                    + " update-index --chmod=+x)");
                }
            }
        }
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
            seen.checkNames(image);
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

        /** Names in jars may have letters that the names of files can't have here, and Jib takes them for such. */
        private void checkNames(String image) {
            byTarget.keySet().forEach(target -> requireName(target, image));
        }

        private static Path requireName(String target, String image) {
            try {
                return Path.of(target);
            } catch (InvalidPathException e) {
                throw SourceFiles.unnamable(target, image).causedBy(e);
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
