package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.VerifyResult.Answer;
import io.jenkins.plugins.lockstep.delivery.VerifyResult.Source;
import io.jenkins.plugins.lockstep.deploy.DriftCheck;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.manifest.Drift;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks an environment against its seal, from both ends: the record against the commit, and the live objects against the
 * record. Only reads.
 */
final class Verification {

    private final Connections connections;

    Verification(Connections connections) {
        this.connections = connections;
    }

    VerifyResult run(ProjectSource source, String environmentName, Target target) {
        try (KnownProject project = KnownProject.open(connections.repositories(), source.atHead())) {
            Environment environment = project.environment(environmentName);
            try (Destination destination = connections.destination(target, project.app(), environment)) {
                destination.requireNamespace();
                ReleaseLog log = ReleaseLog.of(destination.ledger());
                Release release = log.current().orElseThrow(() -> DeliveryException.of(
                                Problem.BAD_INPUT, "nothing runs in " + environmentName + " that could carry a seal")
                        .where(destination.cluster().location() + ", namespace " + destination.namespace())
                        .why(log.isEmpty() ? "nothing was ever released here" : "no release was good")
                        .hint("deploy a revision first: lockstep release " + environmentName));
                List<RenderedObject> objects = destination.ledger().objects(release.number());
                return new VerifyResult(
                        release,
                        Seal.of(release.images(), objects),
                        reading(destination, environment, destination.inventory(log), release, objects)
                                .drift(),
                        source(project.location(), environmentName, target, release, objects),
                        notes(log, release));
            }
        }
    }

    /** Compares what is live with what the current release recorded. */
    static DriftCheck.Reading reading(
            Destination destination,
            Environment environment,
            List<InventoryItem> inventory,
            Release release,
            List<RenderedObject> objects) {
        return new DriftCheck(destination.cluster())
                .read(objects, inventory, ReleaseRun.replicas(environment.replicas(), release));
    }

    /** Renders the release's commit again, with the project file that this commit has. */
    private Source source(
            @Nullable ProjectLocation location,
            String environmentName,
            Target target,
            Release release,
            List<RenderedObject> recorded) {
        if (location == null) {
            return new Source(
                    Answer.UNKNOWN, List.of(), "no repository is at hand in which that commit could be rendered again");
        }
        try (OpenProject open = OpenProject.open(connections.repositories(), location.at(release.revision()))) {
            Environment environment = open.project().environment(environmentName);
            try (Destination destination =
                    connections.destination(target, open.project().app(), environment)) {
                List<RenderedObject> rendered = new Rendering(open, environment, destination)
                        .release(release.images(), Progress.NONE)
                        .objects();
                if (Seal.of(release.images(), rendered).equals(release.seal())) {
                    return new Source(Answer.SAME, List.of(), null);
                }
                return new Source(Answer.DIFFERS, differences(recorded, rendered), null);
            }
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                throw e;
            }
            return new Source(Answer.UNKNOWN, List.of(), e.getMessage());
        }
    }

    private static List<String> differences(List<RenderedObject> recorded, List<RenderedObject> rendered) {
        Map<ResourceKey, RenderedObject> left = new LinkedHashMap<>();
        recorded.forEach(object -> left.put(object.key(), object));
        var differences = new ArrayList<String>();
        for (RenderedObject now : rendered) {
            RenderedObject then = left.remove(now.key());
            if (then == null) {
                differences.add(now.key() + " is in the commit, not in the release");
            } else if (!then.hash().equals(now.hash())) {
                var fields = new ArrayList<>(Drift.between(now.tree(), then.tree()));
                Drift.between(then.tree(), now.tree()).stream()
                        .filter(field -> !fields.contains(field))
                        .forEach(fields::add);
                fields.forEach(field -> differences.add(now.key() + " " + field));
            }
        }
        left.keySet().forEach(key -> differences.add(key + " is in the release, not in the commit"));
        return differences;
    }

    private static List<String> notes(ReleaseLog log, Release current) {
        return log
                .newestFirst()
                .takeWhile(release -> release.number() > current.number())
                .filter(release -> !release.isSuperseded())
                .findFirst()
                .filter(newest -> newest.restored() == null)
                .map(newest -> "release " + newest.number() + " of revision " + newest.revision()
                        + (newest.verdict() == null
                                ? " has not ended"
                                : " came later and left what it had applied: "
                                        + newest.verdict().message()))
                .stream()
                .toList();
    }
}
