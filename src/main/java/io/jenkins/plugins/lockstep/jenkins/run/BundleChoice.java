package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.scm.api.SCMHead;
import org.jspecify.annotations.Nullable;

/** Finds the kept bundle that an operation is about. */
final class BundleChoice {

    private final Run<?, ?> run;
    private final Operation operation;

    BundleChoice(Run<?, ?> run, Operation operation) {
        this.run = run;
        this.operation = operation;
    }

    /**
     * Returns the bundle of the revision to deploy: what the run itself built, or what it or an earlier run of the job (or of
     * the job that is named) built of the revision that is named.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is none, or more than one
     */
    KeptBundle ofRevision() {
        String revision = operation.text("revision");
        if (revision != null) {
            return ofRevision(revision.toLowerCase(Locale.ROOT));
        }
        if (operation.text("job") != null) {
            return newestOf(job()).orElseThrow(this::missing);
        }
        return chosenOf(run).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_USAGE, "this build keeps no bundle to deploy" + ofApp())
                .where(run.getExternalizableId())
                .hint("run lockstepBuild before, or name a revision that an earlier build of the job has built"));
    }

    /**
     * Returns a bundle that says what the project is, whatever its revision: this run's, or else the newest of the job or of
     * the one that is named.
     */
    Optional<KeptBundle> any() {
        if (operation.text("job") != null) {
            return newestOf(job());
        }
        Optional<KeptBundle> own = chosenOf(run);
        return own.isPresent() ? own : newestOf(run.getParent());
    }

    DeliveryException missing() {
        String job = operation.text("job");
        return DeliveryException.of(Problem.BAD_USAGE, "no build keeps a bundle" + ofApp())
                .where(job == null ? run.getParent().getFullName() : job)
                .why("of the newest " + KeptBundle.MOST_RUNS + " builds")
                .hint("build the application once with lockstepBuild, or name the job that does, with job: 'NAME'");
    }

    private KeptBundle ofRevision(String revision) {
        if (!revision.matches("[0-9a-f]{4,40}")) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + revision + "' is no id of a revision")
                    .why("without a workspace there is no repository that knows branches and tags")
                    .hint("give the full id, or its first letters");
        }
        List<KeptBundle> kept = Stream.concat(KeptBundle.of(run).stream(), KeptBundle.all(job()).stream())
                .filter(bundle -> isOfApp(bundle) && bundle.revision().startsWith(revision))
                .toList();
        var found = kept.stream().map(KeptBundle::revision).collect(Collectors.toCollection(TreeSet::new));
        if (found.size() > 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + revision + "' is the beginning of several revisions")
                    .why(String.join(", ", found))
                    .hint("give more letters");
        }
        return kept.stream().findFirst().orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_USAGE, "no build keeps a bundle of revision " + revision + ofApp())
                .where(job().getFullName())
                .why("of the newest " + KeptBundle.MOST_RUNS + " builds")
                .hint("build it again, or deploy it in a workspace that has the repository"));
    }

    private Optional<KeptBundle> newestOf(Job<?, ?> job) {
        return KeptBundle.newest(job, this::isOfApp);
    }

    /** Returns what a run built, or else deployed; of several applications, one has to be named. */
    private Optional<KeptBundle> chosenOf(Run<?, ?> from) {
        List<KeptBundle> kept =
                KeptBundle.of(from).stream().filter(this::isOfApp).toList();
        var apps = kept.stream().map(KeptBundle::app).collect(Collectors.toCollection(TreeSet::new));
        if (apps.size() > 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "this build keeps bundles of several applications")
                    .why(String.join(", ", apps))
                    .hint("name one, with app: '" + apps.first() + "'");
        }
        return kept.stream().findFirst();
    }

    private boolean isOfApp(KeptBundle bundle) {
        String app = operation.text("app");
        return app == null || app.equals(bundle.app());
    }

    private String ofApp() {
        String app = operation.text("app");
        return app == null ? "" : " of application '" + app + "'";
    }

    private Job<?, ?> job() {
        return job(run.getParent(), operation.text("job"));
    }

    /**
     * Returns a job whose bundles another one may use: itself, one beside it, or a branch of a multibranch project beside
     * it. Whoever can configure one job of a folder must not get at what jobs elsewhere keep.
     *
     * @param name relative to the job's folder, null for the job itself
     */
    static Job<?, ?> job(Job<?, ?> asking, @Nullable String name) {
        if (name == null) {
            return asking;
        }
        Item found = Jenkins.get().getItem(name, asking.getParent());
        if (!(found instanceof Job<?, ?> job)) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no job '" + name + "' to take bundles from")
                    .where(asking.getFullName())
                    .hint("name one of the same folder, or NAME/BRANCH for a branch of a multibranch project in it");
        }
        boolean beside = job.getParent() == asking.getParent();
        boolean branchBeside = SCMHead.HeadByItem.findHead(job) != null
                && job.getParent() instanceof Item project
                && project.getParent() == asking.getParent();
        if (!beside && !branchBeside) {
            throw DeliveryException.of(Problem.BAD_USAGE, "job '" + job.getFullName() + "' is in another folder")
                    .where(asking.getFullName())
                    .why(
                            "a job may use the bundles of jobs in its own folder, and of branches of multibranch projects there")
                    .hint("move the job there");
        }
        return job;
    }
}
