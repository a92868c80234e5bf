package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The operations: the only type that front ends need, made by {@link DeliveryFactory}.
 *
 * <p>Thread-safe; holds nothing between calls but connections. Every operation throws {@link DeliveryException}, and
 * {@link InterruptedException} where its thread is interrupted; a release that was under way is then recorded as
 * interrupted.
 */
public final class Delivery implements AutoCloseable {

    private final Connections connections;
    private final Clock clock;

    Delivery(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /** Writes the project file of a repository that has none. */
    public InitResult init(InitRequest request) {
        return new InitProject(connections.repositories()).run(request);
    }

    /** Turns running objects into manifests. */
    public ImportResult importObjects(ImportRequest request, Progress progress) {
        return new ImportObjects(connections).run(request, progress);
    }

    /** Makes sure that the images of a revision exist. */
    public BuildResult build(ProjectLocation project, Target target, Progress progress) throws InterruptedException {
        return new BuildImages(connections).run(project, target, progress);
    }

    /**
     * Builds the images of a revision once more, into a place of its own, and says how they differ from those that the
     * target holds; writes nothing to the target.
     */
    public ExplainResult explain(ProjectLocation project, Target target, Progress progress)
            throws InterruptedException {
        return new ExplainImages(connections).run(project, target, progress);
    }

    /**
     * Resolves the base images of the work tree's project file and writes its lock file, unless that says the same already.
     *
     * @param check only tell; write nothing
     */
    public LockResult lock(ProjectLocation project, boolean check, Progress progress) {
        return new LockBases(connections).run(project, check, progress);
    }

    /** Loads the revision's configuration of an environment into its ConfigMap, and nothing else. */
    public ConfigResult loadConfig(ProjectLocation project, String environment, Target target, Progress progress) {
        return new LoadConfig(connections).run(project, environment, target, progress);
    }

    /** Loads a bundle's configuration of an environment into its ConfigMap, and nothing else; needs no repository. */
    public ConfigResult loadConfig(PlannedDeployRequest request, Progress progress) {
        return new LoadConfig(connections).run(request, progress);
    }

    /** Says what the configuration of an environment is and where each part comes from; needs no cluster. */
    public EffectiveConfig explainConfig(ProjectLocation project, String environment) {
        return new ExplainConfig(connections.repositories()).run(project, environment);
    }

    /** Says what {@link #deploy} would change; writes nothing. */
    public PlanResult plan(DeployRequest request) throws InterruptedException {
        return new Deploy(connections, clock).plan(request, null, Progress.NONE);
    }

    /**
     * Says what {@link #deploy} would change, and saves it as a bundle for {@link #deployPlanned}; writes nothing else.
     *
     * @param out the bundle's file, null for none; not written where a deploy would be refused
     */
    public PlanResult plan(DeployRequest request, @Nullable Path out, Progress progress) throws InterruptedException {
        return new Deploy(connections, clock).plan(request, out, progress);
    }

    /**
     * Renders all environments of a revision whose images exist, as a bundle for {@link #deployPlanned}; needs no cluster.
     * An environment that can't be rendered is left out, with a warning that says why. The same revision and images always
     * give the same bytes.
     *
     * @param out stays open; what is written to it is no bundle where this throws
     */
    public BundleSummary bundle(BundleRequest request, OutputStream out, Progress progress) {
        return new Bundling(connections).run(request, out, progress);
    }

    /** Says what {@link #deployPlanned} would change; writes nothing. */
    public PlanResult planBundled(PlannedDeployRequest request) throws InterruptedException {
        return new DeployPlanned(connections, clock).plan(request);
    }

    /** Makes an environment match a revision whose images exist, waits, and judges. */
    public DeployResult deploy(DeployRequest request, Progress progress) throws InterruptedException {
        return deploy(request, progress, ReleaseObserver.NONE);
    }

    /** As {@link #deploy(DeployRequest, Progress)}, and tells when the release has begun. */
    public DeployResult deploy(DeployRequest request, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        return new Deploy(connections, clock).run(request, progress, observer);
    }

    /** Does what a bundle and its plan say, and nothing else; needs no repository. */
    public DeployResult deployPlanned(PlannedDeployRequest request, Progress progress) throws InterruptedException {
        return deployPlanned(request, progress, ReleaseObserver.NONE);
    }

    /** As {@link #deployPlanned(PlannedDeployRequest, Progress)}, and tells when the release has begun. */
    public DeployResult deployPlanned(PlannedDeployRequest request, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        return new DeployPlanned(connections, clock).run(request, progress, observer);
    }

    /** Builds, then deploys; what can be known to be wrong without the image is refused before anything is built. */
    public DeployResult release(DeployRequest request, Progress progress) throws InterruptedException {
        return release(request, progress, ReleaseObserver.NONE);
    }

    /** As {@link #release(DeployRequest, Progress)}, and tells when the release has begun. */
    public DeployResult release(DeployRequest request, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        Deploy deploy = new Deploy(connections, clock);
        int since = checked(deploy, request);
        BuildResult built = build(request.project(), request.target(), progress);
        // Someone may commit while the image is built: what is deployed is what was built.
        return deploy.run(request.at(built.revision().id()), since, progress, observer);
    }

    private static int checked(Deploy deploy, DeployRequest request) {
        try {
            return deploy.check(request);
        } catch (DeliveryException e) {
            throw e.problem() == Problem.CLUSTER_UNAVAILABLE
                    ? e.hint((e.hint() == null ? "" : e.hint() + "; ")
                            + "nothing was built: lockstep build does that without a cluster")
                    : e;
        }
    }

    /** Brings an earlier release back; that is itself a release. */
    public DeployResult rollback(RollbackRequest request, Progress progress) throws InterruptedException {
        return rollback(request, progress, ReleaseObserver.NONE);
    }

    /** As {@link #rollback(RollbackRequest, Progress)}, and tells when the release has begun. */
    public DeployResult rollback(RollbackRequest request, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        return new Rollback(connections, clock).run(request, progress, observer);
    }

    /**
     * Continues a release whose process died, under its own number: what it applied already is not applied again, what is
     * left is, and then it is waited for, judged and finished as if nothing had happened. The dead process's lock is waited
     * for. Pods get what is left of the timeout, and a minute at least.
     *
     * @return how it ended; as it is recorded, where it ended before this could go on with it, or somebody recorded it as
     *     dead. Empty where that build has no such release here: nothing was begun, so that the operation itself may run
     * @throws DeliveryException {@link io.jenkins.plugins.lockstep.common.Problem#SUPERSEDED} where it had given way
     */
    public Optional<DeployResult> resume(ResumeRequest request, Progress progress) throws InterruptedException {
        return new Resumption(connections, clock).run(request, progress);
    }

    /** Holds an environment by hand, or lifts whatever holds it. */
    public HoldResult hold(HoldRequest request) {
        return new HoldEnvironment(connections, clock).run(request);
    }

    /**
     * Says what an environment can be rolled back to, and what is in the way; changes nothing and needs no lock.
     *
     * @param request its settings are not used
     * @param only whether to look at just what {@code to} names, instead of at all that there is to go back to
     * @param most how many to look at, the newest
     */
    public ReadinessResult rollbackReadiness(RollbackRequest request, boolean only, int most) {
        return new Rollback(connections, clock).check(request, only, most);
    }

    /** Pins a release, so that its payload is kept whatever else says, or ends that. */
    public PinResult pin(ProjectSource project, String environment, int number, boolean pinned, Target target) {
        return new PinRelease(connections).run(project, environment, number, pinned, target);
    }

    /** Collects what no release that is kept, and nothing that runs, refers to; explains each decision. */
    public CollectionResult collect(CollectionRequest request, Progress progress) throws InterruptedException {
        return new CollectGarbage(connections, clock).run(request, progress);
    }

    /** Reads the whole ledger of an environment. */
    public HistoryResult history(ProjectSource project, String environment, Target target) {
        return history(project, environment, target, 0);
    }

    /**
     * Reads the newest releases of an environment.
     *
     * @param most how many at most, 0 for all; up to 50 cost the same however many there are
     */
    public HistoryResult history(ProjectSource project, String environment, Target target, int most) {
        return new Observation(connections, clock).history(project, environment, target, most);
    }

    /**
     * Says whether an environment still is what its current release made it; writes nothing.
     *
     * @throws DeliveryException {@link io.jenkins.plugins.lockstep.common.Problem#BAD_INPUT} where no release was good yet,
     *     or its record can't be read
     */
    public VerifyResult verify(ProjectSource project, String environment, Target target) {
        return new Verification(connections).run(project, environment, target);
    }

    /** Looks at what runs in one environment, or in all where {@code environment} is null. */
    public StatusResult status(ProjectSource project, @Nullable String environment, Target target) {
        return statusAt(project.atHead(), environment, target);
    }

    /** Looks at what runs in the environments that the project has at its revision. */
    StatusResult statusAt(ProjectSource project, @Nullable String environment, Target target) {
        return new Observation(connections, clock).status(project, environment, target);
    }

    /**
     * Tries a connection to a cluster for someone who has just configured it: is it reached, who are we there, does the
     * namespace exist, which rights are missing (docs/rbac.md)? Writes nothing, tries nothing again and takes 10 seconds
     * at most. What is wrong is in the report, in sentences; nothing but an interruption is thrown.
     *
     * @throws DeliveryException {@link Problem#INTERRUPTED}
     */
    public ConnectionReport testCluster(ClusterAccess cluster) {
        return new ClusterCheck(connections).run(cluster);
    }

    /**
     * Tries a connection to a registry, as {@link #testCluster} does. Nothing is pushed or pulled.
     *
     * @param registry {@code HOST[:PORT]}
     * @param login who to be; null for nobody
     */
    public ConnectionReport testRegistry(String registry, @Nullable RegistryLogin login) {
        return new RegistryCheck(connections).run(registry, login);
    }

    /**
     * Finds several projects of one repository in one commit, and checks them all.
     *
     * @throws DeliveryException {@link io.jenkins.plugins.lockstep.common.Problem#BAD_INPUT} for a mistake in any of the
     *     project files, for an image repository that two of them share, and where it can't be told what has changed
     */
    public Projects projects(ProjectQuery query, Progress progress) {
        return new ProjectSearch(this, connections.repositories()).find(query, progress);
    }

    /**
     * Closes the connections to API servers that are kept for half a minute for the next operation. Nobody has to; a process
     * that ends does so sooner.
     */
    @Override
    public void close() {
        connections.close();
    }
}
