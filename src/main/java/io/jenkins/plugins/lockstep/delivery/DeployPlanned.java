package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundledRelease;
import io.jenkins.plugins.lockstep.bundle.SavedPlan;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;

/** Makes an environment as a bundle says: no repository is opened, nothing is rendered again. */
final class DeployPlanned {

    private final Connections connections;
    private final Clock clock;

    DeployPlanned(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    DeployResult run(PlannedDeployRequest request, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        Bundle bundle = BundleFiles.read(request.bundle(), request.environment());
        Environment environment = bundle.environment(request.environment());
        BundledRelease bundled = bundle.release(request.environment());
        RolloutSettings settings = settings(request, bundle);
        ImageStore store = connections.images(request.target());
        var images = new ReleasedImages(bundle.images(), store);
        requireImages(images);
        try (Destination destination = connections.destination(request.target(), bundle.app(), environment)) {
            requireSamePlace(request, bundled, destination);
            BundledRelease release = asServed(bundled, bundle, destination);
            int turn = destination.lock().turn();
            Guards guards = Guards.of(connections, request, bundle);
            ReleaseLog log = guards.admit(destination, bundle.images());
            return new ReleaseRun(destination, settings, environment.replicas(), progress, observer)
                    .knowing(log, turn)
                    .run(
                            draft(bundle, release, request),
                            release.objects(),
                            Precedence.ofDeploy(turn, bundle.lineage()),
                            now -> {
                                Admission admission = guards.admit(
                                        now, () -> destination.ledger().holdNotes(), bundle.images());
                                images.requireStill();
                                return admission;
                            },
                            new PlanWatch(release.plan()));
        }
    }

    /** Says what {@link #run} would do. */
    PlanResult plan(PlannedDeployRequest request) throws InterruptedException {
        Bundle bundle = BundleFiles.read(request.bundle(), request.environment());
        Environment environment = bundle.environment(request.environment());
        BundledRelease bundled = bundle.release(request.environment());
        requireImages(new ReleasedImages(bundle.images(), connections.images(request.target())));
        try (Destination destination = connections.destination(request.target(), bundle.app(), environment)) {
            requireSamePlace(request, bundled, destination);
            BundledRelease release = asServed(bundled, bundle, destination);
            return new Planning(
                            null,
                            environment,
                            destination,
                            settings(request, bundle),
                            Guards.of(connections, request, bundle))
                    .plan(
                            draft(bundle, release, request),
                            new RenderedRelease(bundle.images(), release.configMaps(), release.objects()),
                            null);
        }
    }

    /** Returns how it is rolled out: as asked for, with the graces of the project file that was planned. */
    static RolloutSettings settings(PlannedDeployRequest request, Bundle bundle) {
        return decided(request, bundle.release(request.environment())).over(bundle.environment(request.environment()));
    }

    /** What a plan decided, nobody decides again. */
    private static RolloutSettings decided(PlannedDeployRequest request, BundledRelease release) {
        SavedPlan plan = release.plan();
        RolloutSettings settings = request.settings();
        if (plan == null) {
            return settings;
        }
        if (settings.takeOwnership() && !plan.takeOwnership()) {
            throw undecided(request, "--take-ownership");
        }
        if (settings.pruneData() && !plan.pruneData()) {
            throw undecided(request, "--prune-data");
        }
        return settings.deciding(plan.takeOwnership(), plan.pruneData());
    }

    private static DeliveryException undecided(PlannedDeployRequest request, String option) {
        return DeliveryException.of(Problem.BAD_USAGE, "the plan was made without " + option)
                .where(request.bundle().place())
                .why("a saved plan is applied as it is")
                .hint("make the plan again: lockstep plan " + request.environment() + " " + option + " --out FILE");
    }

    private static void requireImages(ReleasedImages images) {
        images.require(
                "the image of the bundle is no longer in the registry",
                "a bundle names its images by digest",
                "push that image again, or make a bundle of another revision");
    }

    static void requireSamePlace(PlannedDeployRequest request, BundledRelease release, Destination destination) {
        if (release.plan() == null && !release.namespace().equals(destination.namespace())) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the bundle was made for another namespace")
                    .where(request.bundle().place())
                    .why("it has " + request.environment() + " for namespace " + release.namespace() + ", and this is "
                            + destination.namespace())
                    .hint("choose that namespace, or make the bundle again for this one");
        }
        if (!release.namespace().equals(destination.namespace())) {
            throw elsewhere(request, "namespace " + release.namespace(), "namespace " + destination.namespace());
        }
        SavedPlan plan = release.plan();
        String location = destination.cluster().location();
        if (plan != null && !plan.isFor(location, Planning.namespaceUid(destination))) {
            String planned = plan.location().equals(location)
                    ? "another namespace " + release.namespace() + ", which is gone,"
                    : plan.location();
            throw elsewhere(request, planned, location);
        }
    }

    private static DeliveryException elsewhere(PlannedDeployRequest request, String planned, String here) {
        return DeliveryException.of(Problem.PLAN_OUTDATED, "the plan was made for another place")
                .where(request.bundle().place())
                .why("it is for " + planned + " and this is " + here)
                .hint("choose the place with --context and --namespace, or make a plan for this one: lockstep plan "
                        + request.environment() + " --out FILE");
    }

    /**
     * Where nothing knew the cluster when it was rendered, objects may have got a namespace that have none there: they lose
     * it, and the seal is that of what is released.
     */
    private static BundledRelease asServed(BundledRelease release, Bundle bundle, Destination destination) {
        if (release.plan() != null) {
            return release;
        }
        List<RenderedObject> objects = release.objects().stream()
                .map(object -> isClusterScoped(object, destination.cluster()) ? object.withoutNamespace() : object)
                .toList();
        requireDistinct(objects);
        return new BundledRelease(
                release.namespace(), release.configMaps(), Seal.of(bundle.images(), objects), objects, null);
    }

    private static void requireDistinct(List<RenderedObject> objects) {
        var seen = new HashSet<ResourceKey>();
        for (RenderedObject object : objects) {
            if (!seen.add(object.key())) {
                throw DeliveryException.of(Problem.BAD_INPUT, object.key() + " is described twice")
                        .where(object.place())
                        .why("its kind has no namespaces here")
                        .hint("remove one of them");
            }
        }
    }

    private static boolean isClusterScoped(RenderedObject object, Cluster cluster) {
        return !object.key().namespace().isEmpty()
                && cluster.served(object.apiVersion(), object.key().kind())
                        .filter(kind -> !kind.namespaced())
                        .isPresent();
    }

    private Release draft(Bundle bundle, BundledRelease release, PlannedDeployRequest request) {
        return Release.draft(
                bundle.app(),
                request.environment(),
                bundle.revision(),
                bundle.vcs(),
                bundle.images(),
                release.configMaps(),
                release.seal(),
                clock.instant(),
                request.actor().name(),
                request.actor().build());
    }
}
