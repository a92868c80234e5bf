package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several projects of one repository at one revision, and the operations on all of them; made by
 * {@link Delivery#projects}.
 *
 * <p>Each project is worked on as if it were alone: with a repository, a lock and a ledger of its own. Before the first
 * one is begun, all are checked together: {@link DeliveryException} means that nothing was written. From then on the
 * failure of one is its own outcome and not an exception; so is an interrupt. Immutable and thread-safe.
 */
public final class Projects {

    private final Delivery delivery;
    private final Revision revision;
    private final List<SelectedProject> selected;
    private final List<LeftOut> leftOut;

    /**
     * A project that was looked at and not chosen.
     *
     * @param app its application
     * @param file the project file, as a path in the repository
     * @param why why not
     */
    public record LeftOut(String app, String file, String why) {}

    Projects(Delivery delivery, Revision revision, List<SelectedProject> selected, List<LeftOut> leftOut) {
        this.delivery = delivery;
        this.revision = revision;
        this.selected = List.copyOf(selected);
        this.leftOut = List.copyOf(leftOut);
    }

    /** The revision of them all, which does not change while they are worked on. */
    public Revision revision() {
        return revision;
    }

    /** The chosen projects, in the order of their files' paths. */
    public List<SelectedProject> selected() {
        return selected;
    }

    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Makes sure that all images exist. */
    public ProjectsResult<BuildResult> build(Target target, Concurrency concurrency, Progress progress) {
        return runs(concurrency, progress, (project, named) -> delivery.build(project.location(), target, named));
    }

    /** Loads each revision's configuration of an environment into its ConfigMap, and nothing else. */
    public ProjectsResult<ConfigResult> loadConfig(
            String environment, Target target, Concurrency concurrency, Progress progress) {
        checkEnvironment(environment);
        checkPlaces(environment, target);
        return runs(
                concurrency,
                progress,
                (project, named) -> delivery.loadConfig(project.location(), environment, target, named));
    }

    /** Says what each configuration is and where each part comes from; needs no cluster. */
    public ProjectsResult<EffectiveConfig> explainConfig(
            String environment, Concurrency concurrency, Progress progress) {
        checkEnvironment(environment);
        return runs(concurrency, progress, (project, named) -> delivery.explainConfig(project.location(), environment));
    }

    /** Says what {@link #deploy} would change; writes nothing. */
    public ProjectsResult<PlanResult> plan(
            String environment,
            Target target,
            RolloutSettings settings,
            Actor actor,
            Concurrency concurrency,
            Progress progress) {
        checkEnvironment(environment);
        checkPlaces(environment, target);
        return runs(
                concurrency,
                progress,
                (project, named) ->
                        delivery.plan(new DeployRequest(project.location(), environment, target, settings, actor)),
                PlanResult::failure);
    }

    /** Makes an environment of each match the revision, whose images exist; waits, and judges. */
    public ProjectsResult<DeployResult> deploy(
            String environment,
            Target target,
            RolloutSettings settings,
            Actor actor,
            Concurrency concurrency,
            Progress progress) {
        checkEnvironment(environment);
        checkPlaces(environment, target);
        return runs(
                concurrency,
                progress,
                (project, named) -> delivery.deploy(
                        new DeployRequest(project.location(), environment, target, settings, actor), named),
                DeployResult::failure);
    }

    /** Builds, then deploys, each by itself: one that is built need not wait for the others. */
    public ProjectsResult<DeployResult> release(
            String environment,
            Target target,
            RolloutSettings settings,
            Actor actor,
            Concurrency concurrency,
            Progress progress) {
        checkEnvironment(environment);
        checkPlaces(environment, target);
        return runs(
                concurrency,
                progress,
                (project, named) -> delivery.release(
                        new DeployRequest(project.location(), environment, target, settings, actor), named),
                DeployResult::failure);
    }

    /** Looks at what runs in one environment of each, or in all where {@code environment} is null. */
    public ProjectsResult<StatusResult> status(
            @Nullable String environment, Target target, Concurrency concurrency, Progress progress) {
        if (environment != null) {
            checkEnvironment(environment);
        }
        return runs(
                concurrency, progress, (project, named) -> delivery.statusAt(project.location(), environment, target));
    }

    private <R> ProjectsResult<R> runs(
            Concurrency concurrency, Progress progress, ParallelRuns.Operation<R> operation) {
        return runs(concurrency, progress, operation, result -> Optional.empty());
    }

    private <R> ProjectsResult<R> runs(
            Concurrency concurrency,
            Progress progress,
            ParallelRuns.Operation<R> operation,
            Function<R, Optional<DeliveryException>> failure) {
        return new ParallelRuns<R>(selected, concurrency, progress).run(revision, operation, failure);
    }

    /** Makes sure that every project has the environment. */
    private void checkEnvironment(String environment) {
        List<SelectedProject> without = selected.stream()
                .filter(project -> !project.project().environments().containsKey(environment))
                .toList();
        if (without.isEmpty()) {
            return;
        }
        if (without.size() == 1) {
            without.get(0).project().environment(environment);
        }
        var known = new TreeSet<String>();
        var files = new ArrayList<String>();
        for (SelectedProject project : without) {
            known.addAll(project.project().environments().keySet());
            files.add(project.file() + " has "
                    + (project.project().abstractEnvironments().contains(environment)
                            ? "it as an abstract one, and "
                            : "")
                    + (project.project().environments().isEmpty()
                            ? "none"
                            : String.join(", ", project.project().environments().keySet())));
        }
        throw DeliveryException.of(
                        Problem.BAD_USAGE, without.size() + " projects have no environment named '" + environment + "'")
                .where(without.get(0).file())
                .why(String.join("\n", files))
                .hint(NearestWord.hint(environment, known));
    }

    /** Makes sure that no two projects mean the same place: they would take each other's objects and releases. */
    private void checkPlaces(String environment, Target target) {
        for (int i = 0; i < selected.size(); i++) {
            SelectedProject one = selected.get(i);
            for (SelectedProject two : selected.subList(i + 1, selected.size())) {
                if (one.app().equals(two.app()) && mayBeOnePlace(one, two, environment, target)) {
                    throw DeliveryException.of(
                                    Problem.BAD_INPUT,
                                    "two projects are application '" + one.app() + "' in the same place")
                            .where(two.file())
                            .why(one.file() + " is that application too, and " + environment
                                    + " of both may be one namespace: they would share one ledger")
                            .hint("give each project an `app` of its own, or each a `namespace` of its own");
                }
            }
        }
    }

    /** What only the target knows may be what the other project names. */
    private static boolean mayBeOnePlace(SelectedProject one, SelectedProject two, String environment, Target target) {
        if (target instanceof Target.Directory) {
            return true; // a directory's ledgers are by application and environment alone
        }
        Environment first = one.project().environment(environment);
        Environment second = two.project().environment(environment);
        return (target.saidCluster() != null || mayBeSame(first.cluster(), second.cluster()))
                && (target.saidNamespace() != null || mayBeSame(first.namespace(), second.namespace()));
    }

    private static boolean mayBeSame(@Nullable String one, @Nullable String two) {
        return one == null || two == null || Objects.equals(one, two);
    }
}
