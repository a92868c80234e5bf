package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code layers:} as a layer: a file, or a directory with everything in it.
 *
 * <p>Modes never come from the disk, where they depend on the operating system and on who cloned: directories are 0755,
 * files what {@code mode:} says, else 0755 where the commit says executable, else 0644. Symbolic links are refused:
 * some systems can't make them, and others leave plain files in their place.
 */
final class FileLayer {

    private static final int DIRECTORY = 0755;
    private static final int EXECUTABLE = 0755;
    private static final int FILE = 0644;
    private static final Pattern BAD_SEGMENT = Pattern.compile(".*//.*|.*/\\.{1,2}(/.*)?|.*[\\\\\0].*");

    private final String field;
    private final @Nullable Integer mode;
    private final Predicate<Path> executable;
    private final List<ImageLayer.Entry> entries = new ArrayList<>();

    private FileLayer(String field, @Nullable Integer mode, Predicate<Path> executable) {
        this.field = field;
        this.mode = mode;
        this.executable = executable;
    }

    /**
     * Reads the tree.
     *
     * @param from the resolved file or directory
     * @param field what the project file calls the entry, for messages
     */
    static ImageLayer read(ImageDefinition.Layer layer, Path from, String field, Predicate<Path> executable) {
        var reading = new FileLayer(field, layer.mode(), executable);
        reading.add(from, target(layer.to(), from, field));
        return new ImageLayer(
                layer.from(),
                reading.entries.stream()
                        .sorted(Comparator.comparing(ImageLayer.Entry::target))
                        .toList());
    }

    /** A {@code to} that ends in a slash is a directory to put a file into; for a directory it changes nothing. */
    private static String target(String to, Path from, String field) {
        if (!to.startsWith("/") || BAD_SEGMENT.matcher(to).matches()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + to + "' is not an absolute, plain path in the image")
                    .where(field + ".to")
                    .hint("start it with '/', and leave out '//', '.', '..' and backslashes");
        }
        String parent = to.replaceFirst("/$", "");
        boolean into = to.endsWith("/") && !SourceFiles.isDirectory(from);
        return into ? parent + "/" + from.getFileName() : parent;
    }

    private void add(Path path, String target) {
        if (Files.isSymbolicLink(path)) {
            throw DeliveryException.of(Problem.BAD_INPUT, path + " is a symbolic link")
                    .where(field + ".from")
                    .why("images must come out the same on systems that have no links")
                    .hint("put a copy of the file there, or leave the link out of the tree");
        }
        if (SourceFiles.isDirectory(path)) {
            // "/" is there in every image.
            if (!target.isEmpty()) {
                entries.add(new ImageLayer.Entry(path, target, DIRECTORY));
            }
            children(path).forEach(child -> add(child, target + "/" + child.getFileName()));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            SourceFiles.refusePlaceholder(path, field + ".from");
            entries.add(new ImageLayer.Entry(path, target, modeOf(path)));
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw DeliveryException.of(Problem.BAD_INPUT, path + " is neither a file nor a directory")
                    .where(field + ".from")
                    .hint("leave it out of the tree");
        } else {
            throw SourceFiles.missing(path, field + ".from");
        }
    }

    private int modeOf(Path file) {
        if (mode != null) {
            return mode;
        }
        return executable.test(file) ? EXECUTABLE : FILE;
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException e) {
            throw SourceFiles.unreadable(directory, e);
        }
    }
}
