package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a run's {@link LockstepRunAction} what becomes of one of its operations, and tells the verdict in its log. A
 * run that can't be stored fails nothing: the ledger is what counts.
 */
final class RunRecorder {

    private static final Logger LOGGER = Logger.getLogger(RunRecorder.class.getName());

    private final OperationState state;
    private final Operation operation;
    private final Run<?, ?> run;
    private final TaskListener listener;

    RunRecorder(OperationState state, Run<?, ?> run, TaskListener listener) {
        this.state = state;
        this.operation = state.operation();
        this.run = run;
        this.listener = listener;
    }

    /** Notes that a release is asked for. */
    void begin() {
        if (operation.releases()) {
            String environment = operation.text("environment");
            var record = new ReleaseRecord(
                    state.key(),
                    operation.kind().word(),
                    environment == null ? "" : environment,
                    state.by(),
                    System.currentTimeMillis());
            record.app = operation.text("app");
            record.cluster = operation.text("cluster");
            record.namespace = operation.text("namespace");
            store(action -> action.begin(record));
        }
    }

    /** Returns what is known of the release, empty where none was asked for. */
    Optional<ReleaseRecord> known() {
        return LockstepRunAction.find(run).stream()
                .flatMap(action -> action.getReleases().stream())
                .filter(record -> record.key.equals(state.key()))
                .findFirst();
    }

    /** Returns the numbers that other steps of the run were told for the environment: the releases of those steps. */
    Set<Integer> others() {
        var numbers = new HashSet<Integer>();
        for (ReleaseRecord record :
                LockstepRunAction.find(run).map(LockstepRunAction::getReleases).orElse(List.of())) {
            if (record.number != null
                    && !record.key.equals(state.key())
                    && record.environment.equals(operation.text("environment"))) {
                numbers.add(record.number);
            }
        }
        return numbers;
    }

    /** Notes the bundle that the release begins with. */
    void made(KeptBundle bundle) {
        change(record -> {
            record.bundleApp = bundle.app();
            record.bundleRevision = bundle.revision();
            record.bundleFile = bundle.record().fileName();
            record.bundleRun = bundle.run().getExternalizableId();
        });
    }

    /**
     * Returns the bundle that the release began with, empty where none has been found yet.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is gone: another one is never taken in its place
     */
    Optional<KeptBundle> bundle() {
        ReleaseRecord record = known().orElse(null);
        if (record == null || record.bundleFile == null || record.bundleRun == null) {
            return Optional.empty();
        }
        List<KeptBundle> kept = record.bundleRun.equals(run.getExternalizableId())
                ? KeptBundle.of(run)
                : KeptBundle.all(BundleChoice.job(run.getParent(), operation.text("job")));
        Optional<KeptBundle> found = kept.stream()
                .filter(bundle -> bundle.run().getExternalizableId().equals(record.bundleRun)
                        && bundle.record().fileName().equals(record.bundleFile))
                .findFirst();
        if (found.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle that this release began with is gone")
                    .where(record.bundleRun)
                    .hint("begin again, with a build that keeps one");
        }
        return found;
    }

    /** Notes that the ledger has the release. */
    void began(int number) {
        change(record -> record.number = number);
    }

    /** Notes what was built. */
    void built(Map<String, @Nullable Object> result) {
        built(result, text(result, "vcs"));
    }

    private void built(Map<String, @Nullable Object> result, @Nullable String vcs) {
        var record = new BuiltRecord(
                String.valueOf(result.get("app")),
                vcs == null ? "" : vcs,
                String.valueOf(result.get("revision")),
                images(result));
        store(action -> action.add(record));
    }

    /** Notes how the operation ended. */
    void ended(Outcome outcome) {
        if (!operation.releases()) {
            return;
        }
        Map<String, @Nullable Object> result = outcome.result();
        if (result.get("release") != null) {
            if (operation.kind() == Operation.Kind.RELEASE) {
                built(result, text(outcome.release(), "vcs"));
            }
            change(record -> fill(record, result, outcome.release()));
            tell(result, outcome.release());
        } else {
            change(record -> {
                record.code = text(outcome.problem(), "code");
                record.message = text(outcome.problem(), "what");
                record.hint = text(outcome.problem(), "hint");
                record.endedAt = System.currentTimeMillis();
            });
        }
    }

    /** Notes that the operation was stopped. */
    void interrupted() {
        failed("interrupted", "stopped by a person, a signal or a timeout");
    }

    /** Notes that the operation has no outcome. */
    void failed(Exception failure) {
        failed("failed", String.valueOf(failure.getMessage()));
    }

    private void failed(String code, String message) {
        change(record -> {
            if (record.endedAt == 0) {
                record.code = code;
                record.message = message;
                record.endedAt = System.currentTimeMillis();
            }
        });
    }

    private static void fill(
            ReleaseRecord record, Map<String, @Nullable Object> result, Map<String, @Nullable Object> release) {
        record.app = text(result, "app");
        record.number = number(result, "release");
        record.revision = text(result, "revision");
        record.images = images(result);
        if (result.get("verdict") instanceof Map<?, ?> verdict) {
            record.code = text(verdict, "code");
            record.message = text(verdict, "message");
            record.hint = text(verdict, "hint");
        }
        record.good = Boolean.TRUE.equals(release.get("good"));
        record.unchanged = record.good && !Boolean.TRUE.equals(release.get("begun"));
        record.rollbackOf = number(release, "rollbackOf");
        if (result.get("restored") instanceof Map<?, ?> restored) {
            record.restored = number(restored, "number");
            record.restoredRevision = text(restored, "revision");
        }
        record.endedAt = System.currentTimeMillis();
    }

    /** Tells a good verdict as the last line; a bad one is what the step fails with. */
    private void tell(Map<String, @Nullable Object> result, Map<String, @Nullable Object> release) {
        if (Boolean.TRUE.equals(release.get("good")) && result.get("verdict") instanceof Map<?, ?> verdict) {
            listener.getLogger()
                    .println(result.get("app") + " in " + result.get("environment") + ", release "
                            + result.get("release") + ", revision " + result.get("revision") + ": "
                            + text(verdict, "message"));
        }
    }

    private static List<ImageRecord> images(Map<String, @Nullable Object> result) {
        var images = new ArrayList<ImageRecord>();
        if (result.get("images") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> image) {
                    images.add(new ImageRecord(
                            String.valueOf(image.get("name")),
                            String.valueOf(image.get("image")),
                            text(image, "digest"),
                            Boolean.TRUE.equals(image.get("reused"))));
                }
            }
        }
        return images;
    }

    private static @Nullable String text(Map<?, ?> tree, String key) {
        return tree.get(key) instanceof String text ? text : null;
    }

    private static @Nullable Integer number(Map<?, ?> tree, String key) {
        return tree.get(key) instanceof Integer number ? number : null;
    }

    private void change(Consumer<ReleaseRecord> change) {
        if (operation.releases()) {
            store(action -> action.change(state.key(), change));
        }
    }

    /** What is done to the run's record. */
    @FunctionalInterface
    private interface Edit {

        void on(LockstepRunAction action) throws IOException;
    }

    private void store(Edit edit) {
        try {
            edit.on(LockstepRunAction.of(run));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "can't store what " + run.getExternalizableId() + " released");
        }
    }
}
