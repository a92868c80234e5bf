package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Manifests and image configurations that were read from registries, by their digests, which mean the same for ever: what a
 * tag's digest stands for need not be fetched again. Beside the base images in the cache, and best effort: where nothing can be
 * kept, a request more is all it costs.
 */
final class FoundDocuments {

    /** Those of images are some KB; nobody's disk is filled with what claims to be one. */
    private static final int MOST_CHARACTERS = 256 * 1024;

    private static final String ALGORITHM = "sha256:";

    private final CachedTexts texts;

    FoundDocuments(Path cacheDirectory) {
        this.texts = new CachedTexts(cacheDirectory.resolve("found"));
    }

    /** Returns the text whose bytes have this digest; a damaged file has another. */
    Optional<String> get(String digest) {
        // It comes from a registry, and becomes a file's name.
        if (!CachedText.DIGEST.matcher(digest).matches()) {
            return Optional.empty();
        }
        try {
            return texts.get(name(digest)).filter(text -> isOf(digest, text));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a text if it has this digest and is no larger than such documents are. */
    void put(String digest, String text) {
        if (text.length() > MOST_CHARACTERS || !isOf(digest, text)) {
            return;
        }
        try {
            texts.put(name(digest), text);
        } catch (IOException e) {
            // A home directory that can't be written to, or a full disk.
        }
    }

    private static String name(String digest) {
        return digest.substring(ALGORITHM.length());
    }

    private static boolean isOf(String digest, String text) {
        return digest.equals(ALGORITHM + Sha256.hex(text));
    }
}
