package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one environment gets of a bundle.
 *
 * @param namespace where the objects were rendered for
 * @param configMaps names of the content-named ConfigMaps
 * @param seal see {@code history.Seal}
 * @param objects everything that is applied; Secrets as they are
 * @param plan what a plan saw and promised, null for a bundle that was made without looking at the environment
 */
public record BundledRelease(
        String namespace,
        List<String> configMaps,
        String seal,
        List<RenderedObject> objects,
        @Nullable SavedPlan plan) {

    public BundledRelease {
        configMaps = List.copyOf(configMaps);
        objects = List.copyOf(objects);
    }

    /** Tells whether one of the objects is a Secret. */
    public boolean hasSecrets() {
        return objects.stream().anyMatch(BundledRelease::isSecret);
    }

    static boolean isSecret(RenderedObject object) {
        return object.key().group().isEmpty() && object.key().kind().equals("Secret");
    }

    /** Says nothing of the objects: there may be Secrets among them. */
    @Override
    public String toString() {
        return "release of " + objects.size() + " objects to " + namespace;
    }
}
