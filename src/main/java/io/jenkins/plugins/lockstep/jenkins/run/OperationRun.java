package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.BundleSummary;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.jenkins.config.Configured;
import io.jenkins.plugins.lockstep.jenkins.config.Configured.UsableCluster;
import io.jenkins.plugins.lockstep.jenkins.config.ConnectFrom;
import io.jenkins.plugins.lockstep.jenkins.run.EngineOperation.Resumed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation in a build, from the controller: finds out where it has to run, runs it there, and keeps with the build what
 * came of it. Used once, by one thread.
 *
 * <p>Images are built, and bundles rendered, in the workspace. What needs a cluster that Jenkins knows is done with a
 * bundle, where the cluster's configuration says: on the controller or on the step's agent. Where Jenkins knows no cluster,
 * or the operation itself names a place, all is done in the workspace, with what that machine knows.
 */
public final class OperationRun {

    private final OperationState state;
    private final Operation operation;
    private final Surroundings surroundings;
    private final Run<?, ?> run;
    private final Configured configured;
    private final RunRecorder recorder;
    private final @Nullable Resumed resumed;

    /** @param resuming whether this goes on with what the controller was doing when it was stopped */
    public OperationRun(OperationState state, Surroundings surroundings, boolean resuming) {
        this.state = state;
        this.operation = state.operation();
        this.surroundings = surroundings;
        this.run = surroundings.run();
        this.configured = Configured.of(run.getParent());
        this.recorder = new RunRecorder(state, run, surroundings.listener());
        this.resumed = resuming
                ? new Resumed(recorder.known().map(ReleaseRecord::getNumber).orElse(null), recorder.others())
                : null;
    }

    /**
     * Runs it and waits for its end. Interrupt the thread to stop it: it then comes back when the ledger says so, or soon.
     *
     * @return the JSON document of the contract
     * @throws AbortException with what, where, why and a hint, where the operation failed
     * @throws InterruptedException where it was stopped
     * @throws IOException where the connection to the agent broke, or for a defect, with its stack trace
     */
    public Map<String, @Nullable Object> perform() throws IOException, InterruptedException {
        try {
            recorder.begin();
            Outcome outcome = dispatch();
            recorder.ended(outcome);
            if (!outcome.problem().isEmpty()) {
                throw StepFailures.translate(outcome.problem());
            }
            return outcome.result();
        } catch (DeliveryException failure) {
            recorder.ended(Outcome.failed(failure));
            throw StepFailures.translate(failure);
        } catch (InterruptedException stopped) {
            recorder.interrupted();
            throw stopped;
        } catch (AbortException failure) {
            recorder.failed(failure);
            throw failure;
        } catch (RuntimeException mistake) {
            recorder.failed(mistake);
            throw StepFailures.defect(mistake, surroundings.listener());
        } catch (IOException lost) {
            recorder.failed(lost);
            throw lost;
        }
    }

    private Outcome dispatch() throws IOException, InterruptedException {
        if (operation.kind() == Operation.Kind.BUILD) {
            return build();
        }
        if (operation.namesItsPlace() || !configured.hasClusters()) {
            return inWorkspace(operation);
        }
        return atCluster(bundle());
    }

    /** Builds the images, and renders what they are for. */
    private Outcome build() throws IOException, InterruptedException {
        FilePath workspace = requireWorkspace();
        var images = Operation.of(Operation.Kind.BUILD)
                .with("directory", operation.text("directory"))
                .with("file", operation.text("file"))
                .with("repository", operation.text("repository"))
                .with("revision", operation.text("revision"))
                .with("target", operation.text("target"));
        Outcome built = onAgent(workspace, images, null);
        if (built.problem().isEmpty()) {
            recorder.built(built.result());
            keep(
                    workspace,
                    images.with("revision", String.valueOf(built.result().get("revision"))));
        }
        return built;
    }

    private void keep(FilePath workspace, Operation ofRevision) throws IOException, InterruptedException {
        try {
            String namespace = operation.kind() == Operation.Kind.RELEASE ? operation.text("namespace") : null;
            recorder.made(KeptBundle.keep(run, rendered(workspace, ofRevision, namespace), null));
        } catch (DeliveryException | AbortException e) {
            surroundings
                    .listener()
                    .getLogger()
                    .println("warning: this build keeps no bundle, so only a workspace can deploy what it has built: "
                            + e.getMessage());
        }
    }

    private BundleBytes rendered(FilePath workspace, Operation ofRevision, @Nullable String namespace)
            throws IOException, InterruptedException {
        byte[] bytes = new AgentBundling(
                        ofRevision.project(),
                        new TargetArguments(ofRevision.text("target"), null, null, null),
                        namespace == null ? null : operation.text("environment"),
                        namespace,
                        namespaces(),
                        context(),
                        logins(),
                        surroundings.listener())
                .in(workspace);
        return new BundleBytes(bytes, "the bundle that " + run.getExternalizableId() + " made");
    }

    /** Returns the default namespaces of the clusters that Jenkins knows. */
    private Map<String, String> namespaces() {
        var namespaces = new LinkedHashMap<>(configured.defaultNamespaces());
        if (configured.hasClusters()) {
            try {
                String cluster = operation.text("cluster");
                String namespace = configured.defaultNamespace(cluster);
                if (namespace != null) {
                    namespaces.put(AgentBundling.DEFAULT_CLUSTER, namespace);
                }
            } catch (DeliveryException e) {
                // There are several, and none is the default: each environment has to name its own.
            }
        }
        return namespaces;
    }

    private Outcome inWorkspace(Operation what) throws IOException, InterruptedException {
        FilePath workspace = surroundings.workspace();
        if (workspace == null) {
            throw operation.namesItsPlace()
                    ? DeliveryException.of(
                                    Problem.BAD_USAGE, "target, kubeconfig and context are for a step in a workspace")
                            .why("the controller's own files and clusters are never used")
                            .hint("put the step into node { }, or leave them out and configure the cluster in Jenkins")
                    : DeliveryException.of(Problem.BAD_USAGE, "no cluster is configured for this job")
                            .where(run.getParent().getFullName())
                            .why("without one, a step works in a workspace, with the kubeconfig of its machine")
                            .hint(
                                    "put the step into node { }, or configure a cluster in Jenkins or in a folder around the job");
        }
        return onAgent(workspace, what, resumed);
    }

    /** Finds the bundle that the operation is about, or makes it in the workspace. */
    private KeptBundle bundle() throws IOException, InterruptedException {
        Optional<KeptBundle> madeBefore = recorder.bundle();
        if (madeBefore.isPresent()) {
            return madeBefore.get();
        }
        var choice = new BundleChoice(run, operation);
        return switch (operation.kind().need()) {
            case WORKSPACE -> {
                Outcome built = build();
                if (!built.problem().isEmpty()) {
                    throw StepFailures.translate(built.problem());
                }
                yield recorder.bundle()
                        .orElseThrow(() -> DeliveryException.of(Problem.BAD_INPUT, "the revision can't be rendered")
                                .why("the warning above says what is wrong")
                                .hint("correct it, and release the next revision"));
            }
            case BUNDLE_OF_THE_REVISION -> {
                FilePath workspace = operation.text("job") == null ? surroundings.workspace() : null;
                yield workspace == null ? chosen(choice.ofRevision()) : made(workspace);
            }
            case ANY_BUNDLE -> {
                KeptBundle kept = choice.any().orElse(null);
                FilePath workspace = kept == null ? surroundings.workspace() : null;
                if (kept != null) {
                    yield kept;
                }
                if (workspace == null) {
                    throw choice.missing();
                }
                yield made(workspace);
            }
        };
    }

    /** Remembers which it was: after a restart the job that it comes from may have a newer one. */
    private KeptBundle chosen(KeptBundle bundle) {
        recorder.made(bundle);
        return bundle;
    }

    /** Renders the revision in the workspace, and keeps it, for the controller may be restarted. */
    private KeptBundle made(FilePath workspace) throws IOException, InterruptedException {
        KeptBundle kept =
                KeptBundle.keep(run, rendered(workspace, operation, operation.text("namespace")), state.key());
        recorder.made(kept);
        return kept;
    }

    private Outcome atCluster(KeptBundle bundle) throws IOException, InterruptedException {
        BundleSummary project = BundleSummary.of(bundle);
        return isReachedFromAgent(project) ? onAgent(bundle, project) : here(bundle);
    }

    /** Tells where the clusters are connected to from: of several, as a status asks, all have to say agent. */
    private boolean isReachedFromAgent(BundleSummary project) {
        List<@Nullable String> names = new ArrayList<>();
        String environment = operation.text("environment");
        if (operation.text("cluster") != null) {
            names.add(operation.text("cluster"));
        } else if (environment != null) {
            names.add(project.clusters().get(environment));
        } else {
            project.environments().forEach(each -> names.add(project.clusters().get(each)));
        }
        if (names.size() == 1) {
            return configured.cluster(names.get(0), run).from() == ConnectFrom.AGENT;
        }
        return names.stream().allMatch(name -> {
            try {
                return configured.cluster(name, run).from() == ConnectFrom.AGENT;
            } catch (DeliveryException e) {
                // Whoever looks at all of them says what is wrong with each.
                return false;
            }
        });
    }

    private Outcome here(KeptBundle bundle) throws InterruptedException {
        var progress = new BuildLogProgress(surroundings.listener());
        return new EngineOperation(
                        operation,
                        ControllerEngine.delivery(logins(), progress),
                        context().actor(),
                        progress,
                        watch())
                .withBundle(
                        bundle,
                        ControllerEngine.target(
                                configured, operation.text("cluster"), operation.text("namespace"), run),
                        resumed);
    }

    private Outcome onAgent(KeptBundle bundle, BundleSummary project) throws IOException, InterruptedException {
        FilePath workspace = surroundings.workspace();
        if (workspace == null) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, "the cluster is connected to from the step's agent, and there is none")
                    .hint("put the step into node { }");
        }
        BundleBytes bytes;
        try (var stream = bundle.open()) {
            bytes = new BundleBytes(stream.readAllBytes(), bundle.place());
        }
        return watch().over(workspace, crossing -> new AgentOperation(
                        operation,
                        context(),
                        logins(),
                        surroundings.listener(),
                        crossing,
                        resumed,
                        bytes,
                        clusters(project))
                .in(workspace));
    }

    private Outcome onAgent(FilePath workspace, Operation what, @Nullable Resumed continued)
            throws IOException, InterruptedException {
        return watch().over(workspace, crossing -> new AgentOperation(
                        what, context(), logins(), surroundings.listener(), crossing, continued)
                .in(workspace));
    }

    /** Returns the clusters that may be asked from the agent: the environment's own, and those that gates ask. */
    private AgentClusters clusters(BundleSummary project) {
        var names = new LinkedHashSet<@Nullable String>();
        if (operation.text("cluster") != null) {
            names.add(operation.text("cluster"));
        }
        String each = operation.text("environment");
        if (each == null) {
            project.environments().forEach(one -> names.add(project.clusters().get(one)));
        }
        // What comes from an agent may hold a circle.
        var met = new HashSet<String>();
        while (each != null && met.add(each)) {
            names.add(project.clusters().get(each));
            each = project.after().get(each);
        }
        var clusters = new LinkedHashMap<@Nullable String, ClusterAccess>();
        for (String name : names) {
            try {
                UsableCluster cluster = configured.cluster(name, run);
                if (cluster.from() == ConnectFrom.AGENT) {
                    clusters.put(name, cluster.access());
                }
            } catch (DeliveryException e) {
                // Where it is needed after all, the lookup on the agent says that it is not to be had.
            }
        }
        return new AgentClusters(clusters);
    }

    private AwaitedWatch watch() {
        return new AwaitedWatch(recorder::began);
    }

    private FilePath requireWorkspace() throws IOException, InterruptedException {
        FilePath workspace = surroundings.workspace();
        if (workspace == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "images are built in a workspace, and there is none")
                    .hint("put the step into node { }, or give the stage an agent");
        }
        return workspace;
    }

    private RunContext context() {
        return RunContexts.of(state.by(), run, surroundings.environment());
    }

    private Map<String, RegistryLogin> logins() {
        return configured.logins(run, new BuildLogProgress(surroundings.listener()));
    }
}
