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
 * Directories of classes and resources as a compiler leaves them: Maven's {@code target/classes}, Gradle's
 * {@code build/classes/java/main} and {@code build/resources/main}.
 *
 * <p>The image has them as {@code resources} and {@code classes}, and libraries as {@code libs}; the class path names them
 * in that order, libraries by name.
 */
final class ClassDirectories {

    private final List<String> written;
    private final List<Path> directories;
    private final ProjectTree tree;
    private final String field;

    ClassDirectories(List<String> written, List<Path> directories, ProjectTree tree, String field) {
        this.written = written;
        this.directories = directories;
        this.tree = tree;
        this.field = field;
    }

    ApplicationContent content(
            String home, List<Library> libraries, ModuleJars modules, @Nullable String main, boolean startedByUser) {
        List<ImageLayer.Entry> classes = new ArrayList<>();
        List<ImageLayer.Entry> resources = new ArrayList<>();
        for (Path directory : directories) {
            for (ImageLayer.Entry entry : tree.layer(directory, "", field).entries()) {
                if (SourceFiles.isDirectory(entry.source())) {
                    continue;
                }
                boolean code = entry.target().endsWith(".class");
                String target = home + (code ? "/classes" : "/resources") + entry.target();
                (code ? classes : resources).add(new ImageLayer.Entry(entry.source(), target, entry.mode()));
            }
        }
        if (classes.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there are no classes in " + String.join(", ", written))
                    .where(field)
                    .hint("compile first; files that are no Java are listed under 'layers:'");
        }
        var libraryLayers = new LibraryLayers(modules, field);
        Set<String> classPath = new LinkedHashSet<>();
        if (!resources.isEmpty()) {
            classPath.add(home + "/resources");
        }
        classPath.add(home + "/classes");
        for (Library library : libraries) {
            String target = home + "/libs/" + library.name();
            classPath.add(target);
            libraryLayers.add(library.file(), target);
        }
        List<ImageLayer> layers = new ArrayList<>(libraryLayers.layers());
        LibraryLayers.addLayer("resources", resources, layers);
        LibraryLayers.addLayer("classes", classes, layers);
        return new ApplicationContent(
                layers,
                startedByUser ? null : entrypoint(classPath, main, home + "/classes/", classes),
                ApplicationContent.WORKING_DIRECTORY);
    }

    private List<String> entrypoint(
            Set<String> classPath, @Nullable String main, String root, List<ImageLayer.Entry> classes) {
        return JavaCommand.of(
                List.copyOf(classPath), main == null ? MainClasses.only(classes, root, field) : main, field);
    }
}
