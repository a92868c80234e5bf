package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * A war, put unpacked into a servlet container: its files exactly as they are in it, the build's own jars in canonical form
 * (see {@link ModuleJars}). How the container starts is left to the base.
 */
final class WarArchive {

    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final int FILE = 0644;

    private final Archive archive;
    private final ModuleJars modules;
    private final String field;

    WarArchive(Archive archive, ModuleJars modules, String field) {
        this.archive = archive;
        this.modules = modules;
        this.field = field;
    }

    ApplicationContent content(String root) {
        if (archive.names().isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, archive.file() + " is empty")
                    .where(field)
                    .hint("build it again");
        }
        var libraries = new LibraryLayers(modules, field);
        List<ImageLayer.Entry> classes = new ArrayList<>();
        List<ImageLayer.Entry> resources = new ArrayList<>();
        for (String name : archive.names()) {
            String target = root + "/" + name;
            var entry = new ImageLayer.Entry(archive.path(name), target, FILE);
            if (name.startsWith(LIBRARIES) && name.endsWith(".jar")) {
                libraries.add(entry.source(), target);
            } else if (name.startsWith(CLASSES) && name.endsWith(".class")) {
                classes.add(entry);
            } else {
                resources.add(entry);
            }
        }
        List<ImageLayer> layers = new ArrayList<>(libraries.layers());
        LibraryLayers.addLayer("resources", resources, layers);
        LibraryLayers.addLayer("classes", classes, layers);
        return new ApplicationContent(layers, null, null);
    }
}
