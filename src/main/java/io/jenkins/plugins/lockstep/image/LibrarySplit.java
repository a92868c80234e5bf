package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Released libraries as several layers, so that another version of one of them leaves the others' layers as they are.
 *
 * <p>A library of at least two <b>grains</b> is a layer of its own. The others are sorted by their artifacts' names, which
 * brings together what is released together ({@code spring-…}), and cut into runs. Whether a run ends behind a library
 * hangs on that library: on a hash of its artifact's name, and more often so the larger it is. No run ends before it has
 * three quarters of a grain, and one that would get larger than two and a half is cut before.
 *
 * <p>So the layers follow from the libraries' names and sizes and from nothing that was before. A version is no part of an
 * artifact's name: a new one stays in its run. A library that is added or removed changes its own run and, where a run
 * then ends elsewhere, those beside it, up to the next end. Only where all libraries together grow past 32 grains (64 MiB,
 * 128 MiB, …) is the grain doubled, and the layers are others once: the number of layers stays far below the 127 that
 * nodes can stack.
 */
final class LibrarySplit {

    private static final long SMALLEST_GRAIN = 2L * 1024 * 1024;
    private static final int GRAINS = 32;
    private static final int MOST_LAYERS = 48;
    private static final Pattern VERSION = Pattern.compile("-[0-9]");

    private record Sized(ImageLayer.Entry entry, String artifact, long size) {}

    private final String name;
    private final List<Sized> libraries;

    private LibrarySplit(String name, List<Sized> libraries) {
        this.name = name;
        this.libraries = libraries;
    }

    /**
     * Returns the layers, none where there are no libraries.
     *
     * @param name of the only layer, or what the layers' names begin with
     * @param field what the project file calls the libraries, for messages
     */
    static List<ImageLayer> split(String name, List<ImageLayer.Entry> libraries, String field) {
        List<Sized> sized = libraries.stream()
                .map(library -> new Sized(library, artifact(library.target()), size(library, field)))
                .sorted(Comparator.comparing(Sized::artifact)
                        .thenComparing(library -> library.entry().target()))
                .toList();
        return new LibrarySplit(name, sized).layers();
    }

    private List<ImageLayer> layers() {
        long all = libraries.stream().mapToLong(Sized::size).sum();
        long grain = SMALLEST_GRAIN;
        while (grain * GRAINS < all) {
            grain *= 2;
        }
        List<List<Sized>> groups = groups(grain);
        // Chance may cut more often than it should.
        while (groups.size() > MOST_LAYERS) {
            grain *= 2;
            groups = groups(grain);
        }
        boolean several = groups.size() > 1;
        return groups.stream()
                .map(group -> new ImageLayer(
                        several ? name + ": " + title(group) : name,
                        group.stream()
                                .map(Sized::entry)
                                .sorted(Comparator.comparing(ImageLayer.Entry::target))
                                .toList()))
                .toList();
    }

    private List<List<Sized>> groups(long grain) {
        List<List<Sized>> groups = new ArrayList<>();
        List<Sized> run = new ArrayList<>();
        long length = 0;
        for (Sized library : libraries) {
            if (library.size() >= 2 * grain) {
                groups.add(List.of(library));
                continue;
            }
            if (2 * (length + library.size()) > 5 * grain) {
                groups.add(run);
                run = new ArrayList<>();
                length = 0;
            }
            run.add(library);
            length += library.size();
            if (4 * length >= 3 * grain && endsRun(library, grain)) {
                groups.add(run);
                run = new ArrayList<>();
                length = 0;
            }
        }
        if (!run.isEmpty()) {
            groups.add(run);
        }
        return groups;
    }

    private static boolean endsRun(Sized library, long grain) {
        long hash = Long.parseLong(Sha256.hex(library.artifact()).substring(0, 8), 16);
        return hash * grain < library.size() << 32;
    }

    private static String title(List<Sized> group) {
        String first = group.get(0).artifact();
        String last = group.get(group.size() - 1).artifact();
        return first.equals(last) ? first : first + " to " + last;
    }

    /** Returns a file's name without version and suffix: {@code jackson-core} of {@code lib/jackson-core-2.17.2.jar}. */
    private static String artifact(String target) {
        String file = target.substring(target.lastIndexOf('/') + 1);
        Matcher version = VERSION.matcher(file);
        if (version.find() && version.start() > 0) {
            return file.substring(0, version.start());
        }
        return file.endsWith(".jar") ? file.substring(0, file.length() - ".jar".length()) : file;
    }

    private static long size(ImageLayer.Entry library, String field) {
        try {
            return Files.size(library.source());
        } catch (IOException e) {
            throw SourceFiles.unreadable(library.source(), e).where(field);
        }
    }
}
