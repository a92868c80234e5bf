package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageLayer;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A small image and the ways to reach registries, for tests. */
final class ImageFixture {

    static final String REVISION = "0123456789abcdef0123456789abcdef01234567";

    private ImageFixture() {}

    /** Returns an image with one script in it, which is made in {@code directory}. */
    static ImageSpec image(Path directory, String base, String content) throws IOException {
        Files.createDirectories(directory);
        Path script = Files.writeString(directory.resolve("run.sh"), content);
        return image(
                base, List.of(new ImageLayer("script", List.of(new ImageLayer.Entry(script, "/opt/run.sh", 0755)))));
    }

    static ImageSpec image(String base, List<ImageLayer> layers) {
        return new ImageSpec(
                Base.of(base, Path.of("")),
                layers,
                List.of("/opt/run.sh"),
                null,
                Map.of("GREETING", "hello"),
                Map.of(StoredImage.REVISION_LABEL, REVISION, "team", "shop"),
                "1000",
                "/opt",
                List.of(8080),
                List.of("linux/amd64"),
                Instant.parse("2026-11-23T07:40:00Z"));
    }

    /** Returns the same image for other platforms. */
    static ImageSpec on(ImageSpec image, String... platforms) {
        return new ImageSpec(
                image.base(),
                image.layers(),
                image.entrypoint(),
                image.command(),
                image.environment(),
                image.labels(),
                image.user(),
                image.workingDirectory(),
                image.ports(),
                List.of(platforms),
                image.created());
    }

    static RegistryAccess access(Path cache) {
        return new RegistryAccess(Map.of(), RegistryLogins.NONE, cache, Set.of());
    }

    static ImageReference reference(String repository) {
        return ImageReference.parse(repository + ":" + REVISION);
    }
}
