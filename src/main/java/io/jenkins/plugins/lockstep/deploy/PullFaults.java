package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges images that nodes can't have (design, section 6). Pure. */
final class PullFaults {

    private final Graces graces;

    PullFaults(Graces graces) {
        this.graces = graces;
    }

    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        Duration since = history.pullFailingSince();
        if (since == null) {
            return null;
        }
        String container = Tree.text(status, "name");
        String image = Pods.image(pod, container);
        String words = history.pullMessage().isEmpty() ? history.waitingReason() : history.pullMessage();
        int pulls = history.failedPulls();
        int told = 0;
        // What failed before the rollout may have been mended since: it takes another try to know.
        boolean tried = !history.fromBefore() || pulls > 1;
        Duration newest = null;
        for (SeenEvent event : snapshot.eventsOf(pod)) {
            if (event.message().startsWith("Failed to pull image")
                    && event.part().endsWith("{" + container + "}")) {
                told += event.count();
                tried |= event.last().compareTo(event.first()) > 0;
                // The state says only "back-off" most of the time; the event has the registry's words.
                if (newest == null || event.last().compareTo(newest) >= 0) {
                    newest = event.last();
                    words = event.message();
                }
            }
        }
        PullFailure failure =
                PullFailure.of(history.waitingReason().startsWith("ErrImageNever") ? history.waitingReason() : words);
        boolean refused = failure != PullFailure.UNREACHABLE;
        Duration grace = refused ? graces.imagePull() : graces.registry();
        boolean conclusive = failure == PullFailure.UNUSABLE
                || (tried
                        && (!refused || Math.max(pulls, told) >= graces.refusedPulls())
                        && snapshot.since(since).compareTo(grace) >= 0);
        if (!conclusive) {
            return null;
        }
        String registrysWords = words;
        List<String> evidence = Stream.concat(
                        Stream.of(words),
                        PodFaults.warnings(pod, snapshot).stream().filter(line -> !line.endsWith(registrysWords)))
                .toList();
        return new Failed(
                new Verdict(code(failure), owner + ": " + sentence(failure, image), evidence, hint(failure, pod)),
                null);
    }

    private static Verdict.Code code(PullFailure failure) {
        return switch (failure) {
            case ABSENT -> Verdict.Code.IMAGE_NOT_FOUND;
            case FORBIDDEN, UNUSABLE -> Verdict.Code.IMAGE_REFUSED;
            case UNREACHABLE -> Verdict.Code.REGISTRY_UNREACHABLE;
        };
    }

    private static String sentence(PullFailure failure, String image) {
        return switch (failure) {
            case ABSENT -> "the registry has no image " + image;
            case FORBIDDEN -> "the registry does not let the node have the image " + image;
            case UNUSABLE -> "the image " + image + " can't be pulled";
            case UNREACHABLE -> "the node can't get the image " + image + " from its registry";
        };
    }

    private static String hint(PullFailure failure, LiveObject pod) {
        return switch (failure) {
            case ABSENT -> "check that the image was pushed under this name and is still in the registry";
            case FORBIDDEN ->
                Tree.list(pod.tree(), "spec", "imagePullSecrets").isEmpty()
                        ? "the pod has no pull secret: name one (imagePullSecrets, or run.pullSecret of the project"
                                + " file), and check the image's name"
                        : "check the pull secret of the pod (imagePullSecrets), its rights in the registry, and the"
                                + " image's name";
            case UNUSABLE -> "correct the image's name or its imagePullPolicy in the manifest";
            case UNREACHABLE -> "check the registry, and the way from the node to it (name, network, certificate)";
        };
    }
}
