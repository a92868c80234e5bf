package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.util.Map;
import java.util.TreeMap;

/** The image configuration of Docker and OCI, as far as Lockstep reads it. */
final class ImageConfiguration {

    private ImageConfiguration() {}

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
}
