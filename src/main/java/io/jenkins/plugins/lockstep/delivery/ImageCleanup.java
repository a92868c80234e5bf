package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Decision;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Sort;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Retention;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The clean-up of the project's image repositories: decide, then delete. Only tags that name a revision are looked at,
 * and only images that say that they were built from it are deleted.
 *
 * <p>Used once, by one thread.
 */
final class ImageCleanup {

    /** As many as a look at what one can go back to offers by itself. */
    private static final int OFFERED = 20;

    private final ImageStore store;
    private final KnownProject project;
    private final Retention retention;
    private final boolean unreleased;

    private final List<Decision> decisions = new ArrayList<>();
    private final List<StoredImage> unneeded = new ArrayList<>();

    /**
     * @param unreleased whether images go that no environment released and whose commit is old
     */
    ImageCleanup(ImageStore store, KnownProject project, Retention retention, boolean unreleased) {
        this.store = store;
        this.project = project;
        this.retention = retention;
        this.unreleased = unreleased;
    }

    /** Decides on every revision's tag, by what all environments need. */
    void decide(List<EnvironmentCleanup> environments) {
        Map<String, String> needed = needed(environments);
        Map<String, Instant> released = released(environments);
        for (ImageReference repository : project.repositories()) {
            decide(repository, needed, released);
        }
    }

    List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /**
     * Deletes what was decided on.
     *
     * @param check makes sure before each that nobody releases meanwhile
     */
    void delete(Runnable check, Progress progress) {
        for (StoredImage image : unneeded) {
            check.run();
            store.delete(image);
            progress.detail(image.reference() + ": deleted");
        }
    }

    private void decide(ImageReference repository, Map<String, String> needed, Map<String, Instant> released) {
        List<String> tags = store.tags(repository);
        var candidates = new LinkedHashMap<String, StoredImage>();
        var names = new HashMap<String, String>();
        for (String tag : tags.stream().filter(Revision::isFullId).toList()) {
            ImageReference reference = repository.withTag(tag);
            // A release that is kept names its own revision's tag: no need to ask what is behind it.
            Optional<String> reason = Optional.ofNullable(needed.get(repository.repository() + ":" + tag))
                    .or(() -> young(tag, released.get(tag)));
            Optional<StoredImage> stored = reason.isPresent() ? Optional.empty() : store.find(reference);
            if (reason.isEmpty() && stored.isPresent()) {
                reason = Optional.ofNullable(needed.get(stored.get().digest()));
                if (reason.isEmpty() && !stored.get().revision().equals(Optional.of(tag))) {
                    reason = Optional.of("it does not say that it was built from that revision");
                }
            }
            if (reason.isPresent()) {
                decide(reference, true, reason.get());
                stored.ifPresent(image -> names.put(image.digest(), tag));
            } else {
                stored.ifPresent(image -> candidates.put(tag, image));
            }
        }
        if (!candidates.isEmpty()) {
            otherNames(repository, tags, names);
        }
        candidates.forEach((tag, image) -> {
            String other = names.get(image.digest());
            if (other != null) {
                decide(image.reference().withDigest(null), true, "it is also tagged " + other);
            } else {
                unneeded.add(image);
                decide(
                        image.reference().withDigest(null),
                        false,
                        released.containsKey(tag)
                                ? "no release that is kept needs it, none that one can go back to, and nothing that runs"
                                : "nobody released it, and its commit is older than " + retention.days() + " days");
            }
        });
    }

    /** Says why a revision that nothing needs may still be wanted; empty where it may go. */
    private Optional<String> young(String revision, @Nullable Instant releasedAt) {
        if (releasedAt != null) {
            return age(releasedAt).compareTo(Retention.YOUNGEST) < 0
                    ? Optional.of("released less than 24 hours ago")
                    : Optional.empty();
        }
        if (!unreleased) {
            return Optional.of("no environment released it yet");
        }
        Optional<Instant> committed = project.committedAt(revision);
        if (committed.isEmpty()) {
            return Optional.of("not released here, and this repository does not know its commit");
        }
        return age(committed.get()).compareTo(Duration.ofDays(retention.days())) < 0
                ? Optional.of("not released yet, and its commit is younger than " + retention.days() + " days")
                : Optional.empty();
    }

    private Duration age(Instant time) {
        return Duration.between(time, retention.now());
    }

    /** Adds what other tags than revisions name, by digest: deleting the image would delete them, too. */
    private void otherNames(ImageReference repository, List<String> tags, Map<String, String> names) {
        tags.stream().filter(tag -> !Revision.isFullId(tag)).forEach(tag -> store.find(repository.withTag(tag))
                .ifPresent(image -> names.put(image.digest(), tag)));
    }

    /** Returns why images are needed, by digest and by repository and tag. */
    private static Map<String, String> needed(List<EnvironmentCleanup> environments) {
        var needed = new HashMap<String, String>();
        for (EnvironmentCleanup environment : environments) {
            Stream.concat(
                            environment.kept().stream(),
                            environment.log().targets().stream().limit(OFFERED))
                    .forEach(release -> release.images()
                            .forEach(image -> need(needed, image.reference(), environment.name(), release)));
            environment
                    .liveDigests()
                    .forEach(digest -> needed.putIfAbsent(digest, "something that runs in " + environment.name()));
        }
        return needed;
    }

    private static void need(Map<String, String> needed, ImageReference image, String environment, Release release) {
        String reason = environment + " needs it for release #" + release.number();
        String digest = image.digest();
        if (digest != null) {
            needed.putIfAbsent(digest, reason);
        }
        if (image.tag() != null) {
            needed.putIfAbsent(image.repository() + ":" + image.tag(), reason);
        }
    }

    /** Returns when each revision was released last, anywhere. */
    private static Map<String, Instant> released(List<EnvironmentCleanup> environments) {
        var released = new HashMap<String, Instant>();
        environments.forEach(environment -> environment
                .log()
                .releases()
                .forEach(release -> released.merge(
                        release.revision(), release.at(), (one, other) -> one.isAfter(other) ? one : other)));
        return released;
    }

    private void decide(ImageReference reference, boolean keep, String reason) {
        decisions.add(new Decision(null, Sort.IMAGE, reference.toString(), keep, reason));
    }
}
