package io.jenkins.plugins.lockstep.image;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that two images of a revision do not share.
 *
 * @param kind what differs
 * @param platform the platform whose image differs
 * @param layer the layer's name, null where no layer of the application is concerned
 * @param path the path in the image, or the field of the image configuration; null for a whole layer
 * @param entry the entry of the archive at {@code path}, null where it is no archive or not about one entry
 * @param stored what the store's image has, null where it has nothing of the kind
 * @param built what the image that was built now has, null where it has nothing of the kind
 */
public record ImageDifference(
        Kind kind,
        String platform,
        @Nullable String layer,
        @Nullable String path,
        @Nullable String entry,
        @Nullable String stored,
        @Nullable String built) {

    /** What differs; the name in lower case is the word for machines. */
    public enum Kind {
        /** One of the two is not made for a platform. */
        PLATFORM,
        /** The base image. */
        BASE,
        /** A field of the image configuration. */
        CONFIGURATION,
        /** A layer is only in one of the two, or layers are in another order. */
        LAYER,
        /** An entry is only in one of the two, or is a file in one and a directory in the other. */
        FILE,
        /** Permission bits. */
        MODE,
        /** A file's content. */
        CONTENT,
        /** Times, order or compression of an archive's entries; their content is the same. */
        ARCHIVE,
        /** Order, owner or time of a layer's entries; nothing that a process sees. */
        ARRANGEMENT,
        /** The same layer, compressed into other bytes. */
        COMPRESSION;

        /** Returns the word for machines. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns what can be done about it; null where only the reader can know. */
    public @Nullable String advice() {
        return switch (kind) {
            case BASE -> "the base's tag moved: name the base with its digest";
            case ARCHIVE -> "a jar of the same build: list its name under 'modules:' in the project file";
            case COMPRESSION -> "build with the same Java: this one compresses with another zlib";
            case CONFIGURATION ->
                "config.Labels.org.opencontainers.image.source".equals(path)
                        ? "the clones come from different places: write 'source:' in the project file"
                        : null;
            default -> null;
        };
    }

    /** Returns it as the JSON document has it. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("what", kind.word());
        tree.put("platform", platform);
        tree.put("layer", layer);
        tree.put("path", path);
        tree.put("entry", entry);
        tree.put("stored", stored);
        tree.put("built", built);
        tree.put("advice", advice());
        return tree;
    }
}
