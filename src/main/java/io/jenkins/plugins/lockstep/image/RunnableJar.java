package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A jar that Java starts: a thin one with the files of its {@code Class-Path}, or one that has everything in it.
 *
 * <p>Jar and class path keep their places to each other, so that the manifest means in the image what it means on the
 * disk. The jar is not unpacked: versions of a class for later Javas, and what its manifest opens to it, need a jar. It is
 * the top layer, in canonical form (see {@link ModuleJars}).
 */
final class RunnableJar {

    private static final String LIBRARIES = "/libs/";
    private static final int FILE = 0644;

    private final Path file;
    private final Archive archive;
    private final ProjectTree tree;
    private final String field;

    RunnableJar(Path file, Archive archive, ProjectTree tree, String field) {
        this.file = file;
        this.archive = archive;
        this.tree = tree;
        this.field = field;
    }

    ApplicationContent content(
            String home, List<Library> libraries, ModuleJars modules, @Nullable String main, boolean startedByUser) {
        ManifestClassPath classPath = ManifestClassPath.read(file, archive.manifest(), tree, field);
        Path top = top(classPath);
        String jar = target(home, top, file);
        var libraryLayers = new LibraryLayers(modules, field);
        Set<String> added = new LinkedHashSet<>();
        classPath.jars().forEach(path -> libraryLayers.add(tree.follow(path, field), target(home, top, path)));
        for (Library library : libraries) {
            String target = home + LIBRARIES + library.name();
            if (added.add(target)) {
                libraryLayers.add(library.file(), target);
            }
        }
        List<ImageLayer> layers = new ArrayList<>(libraryLayers.layers());
        List<ImageLayer.Entry> resources = new ArrayList<>();
        for (Path directory : classPath.directories()) {
            resources.addAll(
                    tree.layer(directory, target(home, top, directory), field).entries());
        }
        LibraryLayers.addLayer("resources", resources, layers);
        layers.add(new ImageLayer(
                "application", List.of(new ImageLayer.Entry(modules.canonical(archive.file(), field), jar, FILE))));
        return new ApplicationContent(
                layers,
                startedByUser ? null : entrypoint(jar, List.copyOf(added), main),
                ApplicationContent.WORKING_DIRECTORY);
    }

    private List<String> entrypoint(String jar, List<String> libraries, @Nullable String main) {
        String declared = archive.attribute("Main-Class");
        if (main == null && declared == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "nothing says which class of " + file + " is started")
                    .where(field)
                    .why("its manifest has no Main-Class")
                    .hint("write 'main: com.example.Main', or let the build write Main-Class into the manifest; of a"
                            + " Spring Boot application name the jar that spring-boot:repackage or bootJar makes");
        }
        if (main == null && libraries.isEmpty()) {
            return List.of("java", "-jar", jar);
        }
        List<String> path = new ArrayList<>(List.of(jar));
        path.addAll(libraries);
        return JavaCommand.of(path, main == null ? String.valueOf(declared).strip() : main, field);
    }

    /** The directory that holds the jar and its class path; nothing above it is in the image. */
    private Path top(ManifestClassPath classPath) {
        Path top = ProjectTree.parent(file);
        for (Path path : classPath.all()) {
            Path parent = ProjectTree.parent(path);
            while (!parent.startsWith(top)) {
                top = ProjectTree.parent(top);
            }
        }
        return top;
    }

    private static String target(String home, Path top, Path path) {
        return home + "/" + ProjectTree.slashed(top.relativize(path));
    }
}
