package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The digest of the image that was last pushed from here to a repository. While the registry has that image it has its
 * layers, so one question answers for all of them.
 */
final class LastPush {

    private final CachedText text;

    LastPush(Path cacheDirectory, ImageName repository) {
        this.text = new CachedText(
                cacheDirectory.resolve("pushed").resolve(Sha256.hex(repository.registry() + "/" + repository.path())));
    }

    Optional<String> digest() throws IOException {
        return text.digest();
    }

    void remember(String digest) throws IOException {
        text.write(digest);
    }

    void forget() throws IOException {
        Files.deleteIfExists(text.file());
    }
}
