package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The image configuration of Docker and OCI, as far as Lockstep reads it. */
final class ImageConfiguration {

    private ImageConfiguration() {}

    /** Returns what the image is made for; {@code unknown} where the text does not say. */
    static ImagePlatform platform(String json) {
        try {
            if (Json.read(json) instanceof Map<?, ?> configuration) {
                return new ImagePlatform(
                        word(configuration.get("os")),
                        word(configuration.get("architecture")),
                        configuration.get("variant") instanceof String variant && !variant.isEmpty() ? variant : null);
            }
        } catch (DeliveryException e) {
            // Not even JSON: as unknown as a text that says nothing.
        }
        return new ImagePlatform(word(null), word(null), null);
    }

    /** Returns the labels; none where the text is the configuration of something that is no image. */
    static Map<String, String> labels(String json) {
        Map<String, String> labels = new TreeMap<>();
        try {
            if (Json.read(json) instanceof Map<?, ?> configuration
                    && configuration.get("config") instanceof Map<?, ?> config
                    && config.get("Labels") instanceof Map<?, ?> found) {
                found.forEach((name, value) -> labels.put(String.valueOf(name), String.valueOf(value)));
            }
        } catch (DeliveryException e) {
            return Map.of();
        }
        return labels;
    }

    private static String word(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() ? text : "unknown";
    }
}
