package io.jenkins.plugins.lockstep.delivery;

import static io.jenkins.plugins.lockstep.revision.Revision.shortId;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a revision has proved itself in the environment that comes first ({@code after:}): it ran well there, with the
 * same images, and nobody has turned away from it since. Pure.
 *
 * @param place application and environment that the revision is to come to, for messages
 * @param first the environment that comes first
 */
record Gate(String place, String first) {

    /**
     * Lets a revision pass, or refuses it.
     *
     * @param images what is to be released; empty where it is not known yet
     * @param holds of the environment that comes first, with its releases
     * @throws DeliveryException {@link Problem#GATE_CLOSED}
     */
    Admission admit(String revision, List<ReleasedImage> images, Holds holds) {
        List<Release> all = holds.log().ofRevision(revision).toList();
        Optional<Hold> rejected = holds.environment()
                .filter(hold -> hold.revisions().contains(revision))
                .or(() -> holds.failure(revision));
        if (rejected.isPresent()) {
            throw closed(
                    "revision " + shortId(revision) + " was turned down in " + first,
                    HoldGuard.inWords(rejected.get()));
        }
        if (all.stream().noneMatch(Release::isGood)) {
            throw closed(
                    "revision " + shortId(revision) + " has not run well in " + first,
                    all.isEmpty() ? "it was never released there" : "there, " + ending(all.get(0)));
        }
        Optional<Release> same = all.stream()
                .filter(Release::isGood)
                .filter(release -> images.isEmpty() || digests(release.images()).equals(digests(images)))
                .findFirst();
        if (same.isEmpty()) {
            throw closed(
                    "what ran in " + first + " under revision " + shortId(revision) + " were other images",
                    "the digests of its release there differ from those of this one");
        }
        return Admission.PLAIN;
    }

    /** Returns the refusal for when the environment that comes first can't be asked. */
    DeliveryException unanswered(DeliveryException failure) {
        return DeliveryException.of(Problem.GATE_CLOSED, first + " can't be asked whether this revision ran there")
                .where(failure.where() == null ? place : failure.where())
                .why(failure.why() == null ? failure.what() : failure.what() + ": " + failure.why())
                .hint("its ledger must be readable by whoever deploys to what comes after it; to deploy without asking:"
                        + " --skip-gate")
                .causedBy(failure);
    }

    private DeliveryException closed(String what, String why) {
        return DeliveryException.of(Problem.GATE_CLOSED, what)
                .where(place)
                .why(why)
                .hint("deploy it to " + first + " first; to deploy without: --skip-gate");
    }

    private static String ending(Release release) {
        return "release " + release.number()
                + (release.verdict() == null
                        ? " has not ended"
                        : " ended as " + release.verdict().code().word());
    }

    private static Map<String, @Nullable String> digests(List<ReleasedImage> images) {
        return images.stream()
                .collect(Collectors.toMap(
                        ReleasedImage::name,
                        image -> String.valueOf(image.reference().digest())));
    }
}
