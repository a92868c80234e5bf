package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What this process has learnt from registries within the last two minutes: images that it has pushed itself, or found under
 * a tag (at most 1,000, in memory), and which registry speaks plain HTTP.
 *
 * <p>Somebody else may have deleted one of them since. So only who would build an image that is not there asks here; whoever
 * is about to use one asks the registry, and what the registry does not find, or is told to delete, is forgotten.
 *
 * <p>Made once for those who use registries with the same logins. Thread-safe.
 */
public final class RecentAnswers {

    private static final long KEPT = Duration.ofMinutes(2).toNanos();
    private static final int MOST = 1_000;

    private record Seen(StoredImage image, long at) {}

    private final LongSupplier nanoTime;
    private final Map<ImageReference, Seen> byTag = new LinkedHashMap<>();
    private final Map<String, Long> plain = new HashMap<>();

    public RecentAnswers() {
        this(System::nanoTime);
    }

    RecentAnswers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized Optional<StoredImage> get(ImageReference tag) {
        Seen seen = byTag.get(tag);
        return seen == null || nanoTime.getAsLong() - seen.at() > KEPT ? Optional.empty() : Optional.of(seen.image());
    }

    synchronized void put(ImageReference tag, StoredImage image) {
        byTag.remove(tag);
        byTag.put(tag, new Seen(image, nanoTime.getAsLong()));
        if (byTag.size() > MOST) {
            Iterator<ImageReference> oldest = byTag.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized boolean speaksPlainHttp(String registry) {
        Long at = plain.get(registry);
        return at != null && nanoTime.getAsLong() - at <= KEPT;
    }

    synchronized void noteThatItSpeaksPlainHttp(String registry) {
        plain.put(registry, nanoTime.getAsLong());
    }

    synchronized void forget(ImageReference tag) {
        byTag.remove(tag);
    }

    /** Forgets an image under all of its tags. */
    synchronized void forget(StoredImage image) {
        byTag.values()
                .removeIf(seen -> seen.image().digest().equals(image.digest())
                        && seen.image()
                                .reference()
                                .repository()
                                .equals(image.reference().repository()));
    }
}
