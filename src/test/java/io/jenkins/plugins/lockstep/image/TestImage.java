package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An image of an application, as a project file may describe it. */
public final class TestImage {

    public static final Revision REVISION =
            new Revision(Vcs.GIT, "0123456789abcdef0123456789abcdef01234567", Instant.parse("2026-11-23T07:40:00Z"));

    private TestImage() {}

    public static ImageDefinition of(ImageDefinition.Application application, String base) {
        return new ImageDefinition(
                "cart",
                ImageReference.parse("shop/cart"),
                base,
                application,
                List.of(),
                null,
                null,
                Map.of(),
                null,
                null,
                List.of(8080),
                List.of("linux/amd64"),
                Map.of());
    }

    /** Returns an application of some paths, with libraries in some directories. */
    public static ImageDefinition.Application application(List<String> from, List<String> dependencies) {
        return new ImageDefinition.Application(from, dependencies, null, null, List.of());
    }

    public static ImageDefinition.Application withMain(ImageDefinition.Application application, String main) {
        return new ImageDefinition.Application(
                application.from(), application.dependencies(), main, application.root(), application.modules());
    }

    public static ImageDefinition.Application withRoot(ImageDefinition.Application application, String root) {
        return new ImageDefinition.Application(
                application.from(), application.dependencies(), application.main(), root, application.modules());
    }

    public static ImageDefinition.Application withModules(ImageDefinition.Application application, String... globs) {
        return new ImageDefinition.Application(
                application.from(), application.dependencies(), application.main(), application.root(), List.of(globs));
    }

    public static ImageAssembly open(ImageDefinition definition, Path project) {
        return ImageAssembly.open(definition, project, new ImageFacts(REVISION, null, null, path -> false));
    }

    /** Returns the paths in the image by layer, bottom first; directories are left out. */
    static Map<String, List<String>> layers(ImageAssembly assembly) {
        Map<String, List<String>> layers = new LinkedHashMap<>();
        assembly.spec()
                .layers()
                .forEach(layer -> layers.put(
                        layer.name(),
                        layer.entries().stream().map(ImageLayer.Entry::target).toList()));
        return layers;
    }

    /** Returns where the content of a path of the image is while the assembly is open. */
    static Path source(ImageAssembly assembly, String target) {
        return assembly.spec().layers().stream()
                .flatMap(layer -> layer.entries().stream())
                .filter(entry -> entry.target().equals(target))
                .findFirst()
                .orElseThrow()
                .source();
    }
}
