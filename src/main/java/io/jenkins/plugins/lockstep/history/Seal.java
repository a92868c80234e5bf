package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one hash that says whether two releases are the same: image digests, configuration and rendered objects, before
 * Lockstep's own metadata is added and without {@code spec.replicas} (design, section 1).
 */
public final class Seal {

    private Seal() {}

    /**
     * Computes the seal, 64 hex digits.
     *
     * @param images what is released; names and digests count, not where they are stored
     * @param objects rendered, in any order; configuration is in them, as the content of its ConfigMap
     */
    public static String of(List<Release.ReleasedImage> images, List<RenderedObject> objects) {
        var digests = new TreeMap<String, String>();
        for (var image : images) {
            digests.put(image.name(), String.valueOf(image.reference().digest()));
        }
        List<String> hashes =
                objects.stream().map(RenderedObject::hash).sorted().toList();
        return Sha256.hex(Json.canonical(Map.of("images", digests, "objects", hashes)));
    }
}
