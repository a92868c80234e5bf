package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.buildplan.Platform;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image runs on, in the words of the OCI image index ({@code amd64}, not {@code x86_64}).
 *
 * @param variant of the processor, null for the usual one
 */
record ImagePlatform(String os, String architecture, @Nullable String variant) {

    /** Parses the platforms of an image: at least one, none twice. */
    static List<ImagePlatform> parse(List<String> platforms) {
        Set<ImagePlatform> parsed = new LinkedHashSet<>();
        for (String platform : platforms) {
            if (!parsed.add(parse(platform))) {
                throw DeliveryException.of(Problem.BAD_INPUT, "the platform " + platform + " is there twice")
                        .hint("name each one once in 'platforms:'");
            }
        }
        if (parsed.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no platform is given")
                    .hint("write for example 'platforms: [linux/amd64]'");
        }
        return List.copyOf(parsed);
    }

    static ImagePlatform parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3 || List.of(parts).contains("")) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + text + "' is not a platform")
                    .hint("write OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, for example linux/amd64");
        }
        return new ImagePlatform(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
    }

    /** Tells whether what is made for {@code other} is made for this; one without a variant takes any. */
    boolean accepts(ImagePlatform other) {
        return os.equals(other.os)
                && architecture.equals(other.architecture)
                && (variant == null || variant.equals(other.knownVariant()));
    }

    /** The variant that everybody means who names none; the rule of containerd's package {@code platforms}. */
    private @Nullable String knownVariant() {
        if (variant != null) {
            return variant;
        }
        return switch (architecture) {
            case "arm64" -> "v8";
            case "arm" -> "v7";
            default -> null;
        };
    }

    Platform jib() {
        return new Platform(architecture, os);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant == null ? "" : "/" + variant);
    }
}
