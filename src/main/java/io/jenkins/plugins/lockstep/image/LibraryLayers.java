package io.jenkins.plugins.lockstep.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Libraries as layers, those that change least first: released ones (see {@link LibrarySplit}), then what changes with
 * every build.
 *
 * <p>How libraries are spread over layers is decided here and nowhere else.
 */
final class LibraryLayers {

    static final String RELEASED = "dependencies";
    static final String CHANGING = "snapshot-dependencies";
    private static final int FILE = 0644;

    private final ModuleJars modules;
    private final String field;
    private final List<ImageLayer.Entry> released = new ArrayList<>();
    private final List<ImageLayer.Entry> changing = new ArrayList<>();

    /**
     * Creates empty layers.
     *
     * @param field what the project file calls the libraries, for messages
     */
    LibraryLayers(ModuleJars modules, String field) {
        this.modules = modules;
        this.field = field;
    }

    /** Adds a library; one of the build's own modules in canonical form. */
    void add(Path jar, String target) {
        if (modules.includes(target.substring(target.lastIndexOf('/') + 1))) {
            changing.add(new ImageLayer.Entry(modules.canonical(jar, field), target, FILE));
        } else {
            released.add(new ImageLayer.Entry(jar, target, FILE));
        }
    }

    /** Returns the layers that have files, bottom first. */
    List<ImageLayer> layers() {
        List<ImageLayer> layers = new ArrayList<>();
        layers.addAll(LibrarySplit.split(RELEASED, released, field));
        addLayer(CHANGING, changing, layers);
        return layers;
    }

    /** Adds a layer where there is something to put into it. */
    static void addLayer(String name, List<ImageLayer.Entry> entries, List<ImageLayer> layers) {
        if (!entries.isEmpty()) {
            layers.add(new ImageLayer(
                    name,
                    entries.stream()
                            .sorted(Comparator.comparing(ImageLayer.Entry::target))
                            .toList()));
        }
    }
}
