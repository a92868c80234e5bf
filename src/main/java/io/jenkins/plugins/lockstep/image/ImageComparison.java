package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.image.ImageContents.FileFacts;
import io.jenkins.plugins.lockstep.image.ImageContents.Layer;
import io.jenkins.plugins.lockstep.image.ImageContents.PlatformImage;
import io.jenkins.plugins.lockstep.image.ImageDifference.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names what differs between two images, as near to its origin as can be told: the entry of a jar rather than the jar, the
 * file rather than the layer.
 *
 * <p>Only layers whose digests differ are read.
 */
public final class ImageComparison {

    private static final Pattern ARCHIVE = Pattern.compile(".*\\.(jar|war|zip)", Pattern.CASE_INSENSITIVE);

    private final ImageContents stored;
    private final ImageContents built;
    private final int most;
    private final List<ImageDifference> differences = new ArrayList<>();
    private long count;
    private String platform = "";

    /**
     * What was found.
     *
     * @param differences the first ones, in the order: base, layers bottom first, configuration
     * @param more how many there are besides
     */
    public record Result(List<ImageDifference> differences, long more) {}

    private ImageComparison(ImageContents stored, ImageContents built, int most) {
        this.stored = stored;
        this.built = built;
        this.most = most;
    }

    /**
     * Compares two images.
     *
     * @param most how many differences are kept, the others are counted
     */
    public static Result compare(ImageContents stored, ImageContents built, int most) {
        var comparison = new ImageComparison(stored, built, most);
        comparison.platforms();
        return new Result(List.copyOf(comparison.differences), comparison.count - comparison.differences.size());
    }

    private void platforms() {
        Map<String, PlatformImage> before = byPlatform(stored);
        Map<String, PlatformImage> now = byPlatform(built);
        for (String name : union(before.keySet(), now.keySet())) {
            platform = name;
            PlatformImage one = before.get(name);
            PlatformImage other = now.get(name);
            if (one == null || other == null) {
                add(Kind.PLATFORM, null, null, null, one == null ? null : name, other == null ? null : name);
            } else {
                long known = count;
                base(one.layers(), other.layers());
                layers(byName(one.layers()), byName(other.layers()));
                configuration(one.configuration(), other.configuration());
                if (count == known) {
                    history(one.configuration(), other.configuration());
                }
            }
        }
    }

    private void base(List<Layer> before, List<Layer> now) {
        List<String> one = base(before);
        List<String> other = base(now);
        for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
            String was = i < one.size() ? one.get(i) : null;
            String is = i < other.size() ? other.get(i) : null;
            if (!Objects.equals(was, is)) {
                add(Kind.BASE, null, "layer " + (i + 1), null, was, is);
                return;
            }
        }
    }

    private static List<String> base(List<Layer> layers) {
        return layers.stream()
                .filter(layer -> layer.name() == null)
                .map(layer -> layer.content().isEmpty() ? layer.digest() : layer.content())
                .toList();
    }

    private void layers(Map<String, Layer> before, Map<String, Layer> now) {
        for (String name : union(before.keySet(), now.keySet())) {
            Layer one = before.get(name);
            Layer other = now.get(name);
            if (one == null || other == null) {
                add(
                        Kind.LAYER,
                        name,
                        null,
                        null,
                        one == null ? null : one.digest(),
                        other == null ? null : other.digest());
            } else if (!one.digest().equals(other.digest())) {
                layer(name, one, other);
            }
        }
        List<String> wasOrder =
                before.keySet().stream().filter(now::containsKey).toList();
        List<String> isOrder = now.keySet().stream().filter(before::containsKey).toList();
        if (!wasOrder.equals(isOrder)) {
            add(Kind.LAYER, null, null, null, String.join(", ", wasOrder), String.join(", ", isOrder));
        }
    }

    private void layer(String name, Layer one, Layer other) {
        if (!one.content().isEmpty() && one.content().equals(other.content())) {
            add(Kind.COMPRESSION, name, null, null, one.digest(), other.digest());
            return;
        }
        long known = count;
        Map<String, FileFacts> before = stored.files(one);
        Map<String, FileFacts> now = built.files(other);
        Map<String, String[]> archives = new TreeMap<>();
        for (String path : union(before.keySet(), now.keySet())) {
            FileFacts was = before.get(path);
            FileFacts is = now.get(path);
            if (was == null || is == null || !was.kind().equals(is.kind())) {
                add(Kind.FILE, name, path, null, was == null ? null : was.kind(), is == null ? null : is.kind());
                continue;
            }
            if (was.mode() != is.mode()) {
                add(Kind.MODE, name, path, null, octal(was.mode()), octal(is.mode()));
            }
            if (!was.content().equals(is.content())) {
                if (ARCHIVE.matcher(path).matches()) {
                    archives.put(path, new String[] {was.content(), is.content()});
                } else {
                    add(Kind.CONTENT, name, path, null, was.content(), is.content());
                }
            }
        }
        if (!archives.isEmpty()) {
            archives(name, one, other, archives);
        }
        if (count == known) {
            add(Kind.ARRANGEMENT, name, null, null, one.content(), other.content());
        }
    }

    private void archives(String name, Layer one, Layer other, Map<String, String[]> contents) {
        Map<String, Map<String, FileFacts>> before = stored.archives(one, contents.keySet());
        Map<String, Map<String, FileFacts>> now = built.archives(other, contents.keySet());
        contents.forEach((path, digests) -> {
            long known = count;
            Map<String, FileFacts> was = before.getOrDefault(path, Map.of());
            Map<String, FileFacts> is = now.getOrDefault(path, Map.of());
            for (String entry : union(was.keySet(), is.keySet())) {
                FileFacts first = was.get(entry);
                FileFacts second = is.get(entry);
                String firstContent = first == null ? null : first.content();
                String secondContent = second == null ? null : second.content();
                if (!Objects.equals(firstContent, secondContent)) {
                    boolean both = first != null && second != null;
                    add(both ? Kind.CONTENT : Kind.FILE, name, path, entry, firstContent, secondContent);
                }
            }
            if (count == known) {
                add(was.isEmpty() ? Kind.CONTENT : Kind.ARCHIVE, name, path, null, digests[0], digests[1]);
            }
        });
    }

    /** Layers and their history are compared as layers. */
    private void configuration(Map<?, ?> before, Map<?, ?> now) {
        Map<String, String> one = fields(before);
        Map<String, String> other = fields(now);
        for (String field : union(one.keySet(), other.keySet())) {
            if (!Objects.equals(one.get(field), other.get(field))) {
                add(Kind.CONFIGURATION, null, field, null, one.get(field), other.get(field));
            }
        }
    }

    /** The history follows from the rest, but for what a base says of its own layers. */
    private void history(Map<?, ?> before, Map<?, ?> now) {
        String was = String.valueOf(before.get("history"));
        String is = String.valueOf(now.get("history"));
        if (!was.equals(is)) {
            add(Kind.CONFIGURATION, null, "history", null, was, is);
        }
    }

    private static Map<String, String> fields(Map<?, ?> configuration) {
        Map<String, String> fields = new TreeMap<>();
        configuration.forEach((key, value) -> {
            if (!key.equals("rootfs") && !key.equals("history")) {
                addFields(String.valueOf(key), value, fields);
            }
        });
        return fields;
    }

    private static void addFields(String path, @Nullable Object value, Map<String, String> fields) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, child) -> addFields(path + "." + key, child, fields));
        } else {
            fields.put(path, String.valueOf(value));
        }
    }

    private void add(
            Kind kind,
            @Nullable String layer,
            @Nullable String path,
            @Nullable String entry,
            @Nullable String was,
            @Nullable String is) {
        count++;
        if (differences.size() < most) {
            differences.add(new ImageDifference(kind, platform, layer, path, entry, was, is));
        }
    }

    private static Map<String, PlatformImage> byPlatform(ImageContents contents) {
        Map<String, PlatformImage> images = new LinkedHashMap<>();
        contents.images().forEach(image -> images.put(image.platform(), image));
        return images;
    }

    /** Names of layers repeat where a project lists one source twice. */
    private static Map<String, Layer> byName(List<Layer> layers) {
        Map<String, Integer> seen = new HashMap<>();
        Map<String, Layer> byName = new LinkedHashMap<>();
        for (Layer layer : layers) {
            String name = layer.name();
            if (name != null) {
                int times = seen.merge(name, 1, Integer::sum);
                byName.put(times == 1 ? name : name + " (" + times + ")", layer);
            }
        }
        return byName;
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new LinkedHashSet<>(one);
        all.addAll(other);
        return all;
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }
}
