package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files as a layer: one file, or a directory with everything in it.
 *
 * <p>Modes never come from the disk, where they depend on the operating system and on who cloned: directories are 0755,
 * files what {@code mode:} says, else 0755 where the commit says executable or the file itself is a program of Linux (an
 * ELF file, as compilers make them), else 0644. In place of a symbolic link is what it leads to, see {@link ProjectTree}.
 */
final class FileLayer {

    private static final int DIRECTORY = 0755;
    private static final int EXECUTABLE = 0755;
    private static final int FILE = 0644;
    private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};
    private static final Pattern BAD_SEGMENT = Pattern.compile(".*//.*|.*/\\.{1,2}(/.*)?|.*[\\\\\0].*");

    private final String field;
    private final @Nullable Integer mode;
    private final ProjectTree tree;
    private final List<ImageLayer.Entry> entries = new ArrayList<>();
    private final Deque<Path> open = new ArrayDeque<>();

    private FileLayer(String field, @Nullable Integer mode, ProjectTree tree) {
        this.field = field;
        this.mode = mode;
        this.tree = tree;
    }

    /**
     * Reads an entry of {@code layers:}.
     *
     * @param field what the project file calls the entry, for messages
     */
    static ImageLayer read(ImageDefinition.Layer layer, String field, ProjectTree tree) {
        Path from = tree.resolve(layer.from(), field + ".from");
        ImageLayer read = read(from, target(layer.to(), from, field, tree), layer.mode(), field + ".from", tree);
        return new ImageLayer(layer.from(), read.entries());
    }

    /**
     * Reads a tree.
     *
     * @param from the file or directory
     * @param to its path in the image without a slash at the end
     * @param field what the project file calls {@code from}, for messages
     */
    static ImageLayer read(Path from, String to, @Nullable Integer mode, String field, ProjectTree tree) {
        var reading = new FileLayer(field, mode, tree);
        reading.add(from, tree.follow(from, field), to);
        return new ImageLayer(
                String.valueOf(from.getFileName()),
                reading.entries.stream()
                        .sorted(Comparator.comparing(ImageLayer.Entry::target))
                        .toList());
    }

    /** A {@code to} that ends in a slash is a directory to put a file into; for a directory it changes nothing. */
    private static String target(String to, Path from, String field, ProjectTree tree) {
        if (!to.startsWith("/") || BAD_SEGMENT.matcher(to).matches()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + to + "' is not an absolute, plain path in the image")
                    .where(field + ".to")
                    .hint("start it with '/', and leave out '//', '.', '..' and backslashes");
        }
        String parent = to.replaceFirst("/$", "");
        boolean into = to.endsWith("/") && !SourceFiles.isDirectory(tree.follow(from, field + ".from"));
        return into ? parent + "/" + SourceFiles.name(from, field + ".from") : parent;
    }

    private void add(Path written, Path path, String target) {
        if (SourceFiles.isDirectory(path)) {
            addDirectory(written, path, target);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            byte[] start = SourceFiles.refusePlaceholder(path, field);
            entries.add(new ImageLayer.Entry(path, target, modeOf(path, start)));
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw DeliveryException.of(Problem.BAD_INPUT, path + " is neither a file nor a directory")
                    .where(field)
                    .hint("leave it out of the tree");
        } else {
            throw SourceFiles.missing(path, field);
        }
    }

    private void addDirectory(Path written, Path path, String target) {
        if (open.contains(path)) {
            throw ProjectTree.refused(written, "it leads to a directory that it is in itself", field);
        }
        // "/" is there in every image.
        if (!target.isEmpty()) {
            entries.add(new ImageLayer.Entry(path, target, DIRECTORY));
        }
        open.push(path);
        for (Path child : children(path)) {
            Path real = tree.isLink(child) ? tree.follow(child, field) : child;
            add(child, real, target + "/" + SourceFiles.name(child, field));
        }
        open.pop();
    }

    private int modeOf(Path file, byte[] start) {
        if (mode != null) {
            return mode;
        }
        return tree.isExecutable(file) || isProgram(start) ? EXECUTABLE : FILE;
    }

    private static boolean isProgram(byte[] start) {
        return start.length >= ELF.length && Arrays.equals(start, 0, ELF.length, ELF, 0, ELF.length);
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException e) {
            throw SourceFiles.unreadable(directory, e);
        }
    }
}
