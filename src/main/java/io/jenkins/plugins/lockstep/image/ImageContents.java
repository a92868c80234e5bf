package io.jenkins.plugins.lockstep.image;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a stored image is made of, read from its store when it is asked for; layers are streamed, never held.
 *
 * <p>Used by one thread. All methods throw what the store's own methods throw.
 */
public interface ImageContents extends AutoCloseable {

    /** Returns the image of each platform: one, or those of an index in its order. */
    List<PlatformImage> images();

    /** Returns the entries of a layer, sorted by path. */
    Map<String, FileFacts> files(Layer layer);

    /**
     * Returns the entries of jars and other zip archives in a layer.
     *
     * @param paths the archives' paths in the layer
     * @return by archive, entries sorted by name; one that can't be read as a zip has none
     */
    Map<String, Map<String, FileFacts>> archives(Layer layer, Set<String> paths);

    @Override
    void close();

    /**
     * The image of one platform.
     *
     * @param platform {@code OS/ARCHITECTURE}
     * @param configuration the image configuration as a plain tree
     * @param layers bottom first
     */
    record PlatformImage(String platform, Map<?, ?> configuration, List<Layer> layers) {}

    /**
     * One layer.
     *
     * @param digest of what is stored, compressed
     * @param content of the tar in it ({@code diff_id}), empty where the configuration does not say
     * @param name as Lockstep named it; null for a layer of the base
     */
    record Layer(String digest, String content, @Nullable String name) {}

    /**
     * One entry.
     *
     * @param kind {@code file}, {@code directory} or what else the archive calls it
     * @param mode permission bits, {@code 0} in a zip
     * @param content SHA-256 in hexadecimal of a file, the target of a link, empty for a directory
     * @param other owner and time, or whatever else is there that no process sees as content
     */
    record FileFacts(String kind, int mode, String content, String other) {}
}
