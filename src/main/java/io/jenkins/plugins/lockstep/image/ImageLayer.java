package io.jenkins.plugins.lockstep.image;

import java.nio.file.Path;
import java.util.List;

/**
 * One layer: a name for people and its files, sorted by their path in the image.
 *
 * @param name for example {@code dependencies}
 * @param entries directories that lead to the files are added by the builder, with mode 0755
 */
public record ImageLayer(String name, List<Entry> entries) {

    public ImageLayer {
        entries = List.copyOf(entries);
    }

    /**
     * One file or directory.
     *
     * @param source the file that holds the content; may be inside an open zip file system
     * @param target the absolute path in the image, with {@code /}
     * @param mode POSIX permission bits, for example {@code 0644}; never read from the build machine
     */
    public record Entry(Path source, String target, int mode) {}
}
