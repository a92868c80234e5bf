package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The base of one platform, settled: nobody has to be asked any more which image it is.
 *
 * @param image by digest of the platform's own manifest; empty for the base without any file
 * @param labels what an image says about its base (OCI image specification, annotations)
 */
record ReadyBase(Optional<ImageName> image, Map<String, String> labels) {

    static final ReadyBase SCRATCH = new ReadyBase(Optional.empty(), Map.of());

    static ReadyBase of(ImageReference written, String digest) {
        ImageName image = ImageName.of(written.withTag(null).withDigest(digest));
        return new ReadyBase(
                Optional.of(image),
                Map.of(
                        "org.opencontainers.image.base.name",
                        qualified(written, image),
                        "org.opencontainers.image.base.digest",
                        digest));
    }

    /** A base that is in the cache and in no registry. */
    static ReadyBase cached(ImageName image) {
        return new ReadyBase(Optional.of(image), Map.of());
    }

    /** Returns the labels of an image, of the first platform's where it has several; those of its base are not known. */
    static Map<String, String> labels(ImageSpec spec, Collection<ReadyBase> bases) {
        Map<String, String> labels = new TreeMap<>(spec.labels());
        labels.putAll(bases.iterator().next().labels());
        return labels;
    }

    /** The specification wants a name that is the same for everybody, without a default registry. */
    private static String qualified(ImageReference written, ImageName image) {
        String registry = image.registry().equals("registry-1.docker.io") ? "docker.io" : image.registry();
        return registry + "/" + image.path() + qualifier(written.tag(), written.digest());
    }

    private static String qualifier(@Nullable String tag, @Nullable String digest) {
        if (tag != null) {
            return ":" + tag;
        }
        return digest == null ? ":latest" : "@" + digest;
    }
}
