package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.Health;
import io.jenkins.plugins.lockstep.delivery.HistoryResult;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was found when someone last looked at an environment. A look that fails leaves what the last good one found,
 * and says so.
 *
 * @param name as the project file says
 * @param namespace where it lives; empty where that was never found out
 * @param lookedAt when it was last looked at with success, null for never
 * @param current the number of the release that runs, null where none was good yet
 * @param previous the number of the release that a rollback that names none goes back to, null for none
 * @param state the word of {@link Health.State}
 * @param ready how many of the wanted pods are ready
 * @param wanted how many pods are wanted
 * @param reason what the first pod says that is not ready, null for nothing
 * @param drifted how many objects differ from the current release, null where that can't be told
 * @param hold what holds it, null for nothing
 * @param releases newest first, at most {@value #MOST_RELEASES}
 * @param older how many releases more there are
 * @param trouble why the newest look failed, null where it did not
 */
public record RecordedEnvironment(
        String name,
        String namespace,
        @Nullable Instant lookedAt,
        @Nullable Integer current,
        @Nullable Integer previous,
        String state,
        int ready,
        int wanted,
        @Nullable String reason,
        @Nullable Integer drifted,
        @Nullable RecordedHold hold,
        List<RecordedRelease> releases,
        int older,
        @Nullable Trouble trouble) {

    public static final int MOST_RELEASES = 30;

    public RecordedEnvironment {
        releases = List.copyOf(releases);
    }

    /**
     * A hold, see {@link io.jenkins.plugins.lockstep.history.Hold}.
     *
     * @param kind the word
     */
    public record RecordedHold(String kind, String by, Instant at, @Nullable String reason) {}

    /**
     * A look that failed.
     *
     * @param at when
     * @param message what, where, why and what to do, a line each
     */
    public record Trouble(Instant at, String message) {}

    /** Returns what is known of an environment that nobody looked at yet. */
    public static RecordedEnvironment unseen(String name) {
        return new RecordedEnvironment(
                name, "", null, null, null, Health.State.UNKNOWN.word(), 0, 0, null, null, null, List.of(), 0, null);
    }

    /** Records a look that succeeded. */
    public static RecordedEnvironment of(
            EnvironmentStatus status, HistoryResult history, ReadinessResult readiness, Instant now) {
        Map<Integer, ReadinessResult.Target> targets = readiness.targets().stream()
                .collect(Collectors.toMap(target -> target.release().number(), Function.identity()));
        List<RecordedRelease> releases = history.releases().stream()
                .limit(MOST_RELEASES)
                .map(release -> RecordedRelease.of(release, targets.get(release.number())))
                .toList();
        var hold = history.hold();
        return new RecordedEnvironment(
                status.environment(),
                status.namespace(),
                now,
                status.current() == null ? null : status.current().number(),
                readiness.previous() == null ? null : readiness.previous().number(),
                status.health().state().word(),
                status.health().ready(),
                status.health().wanted(),
                status.health().reason(),
                status.drift() == null ? null : status.drift().size(),
                hold == null ? null : new RecordedHold(hold.kind().word(), hold.by(), hold.at(), hold.reason()),
                releases,
                history.releases().size() + history.older() - releases.size(),
                null);
    }

    /** Returns a copy that says that a look failed. */
    public RecordedEnvironment failed(Instant at, String message) {
        return new RecordedEnvironment(
                name,
                namespace,
                lookedAt,
                current,
                previous,
                state,
                ready,
                wanted,
                reason,
                drifted,
                hold,
                releases,
                older,
                new Trouble(at, message));
    }

    /** Returns the release of a number, null where it is not recorded. */
    public @Nullable RecordedRelease release(@Nullable Integer number) {
        return releases.stream()
                .filter(release -> Integer.valueOf(release.number()).equals(number))
                .findFirst()
                .orElse(null);
    }

    Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("name", name);
        tree.put("namespace", namespace);
        tree.put("lookedAt", lookedAt == null ? null : lookedAt.toString());
        tree.put("current", current);
        tree.put("previous", previous);
        tree.put("state", state);
        tree.put("ready", ready);
        tree.put("wanted", wanted);
        tree.put("reason", reason);
        tree.put("drifted", drifted);
        tree.put("hold", hold == null ? null : tree(hold));
        tree.put("releases", releases.stream().map(RecordedRelease::toTree).toList());
        tree.put("older", older);
        tree.put("trouble", trouble == null ? null : tree(trouble));
        return tree;
    }

    static RecordedEnvironment of(@Nullable Object tree) {
        Object hold = Tree.at(tree, "hold");
        Object trouble = Tree.at(tree, "trouble");
        return new RecordedEnvironment(
                Tree.text(tree, "name"),
                Tree.text(tree, "namespace"),
                Tree.at(tree, "lookedAt") == null ? null : Texts.instant(tree, "lookedAt"),
                Tree.integer(tree, "current"),
                Tree.integer(tree, "previous"),
                Tree.text(tree, "state"),
                Tree.integer(0, tree, "ready"),
                Tree.integer(0, tree, "wanted"),
                Texts.orNull(tree, "reason"),
                Tree.integer(tree, "drifted"),
                hold == null
                        ? null
                        : new RecordedHold(
                                Tree.text(hold, "kind"),
                                Tree.text(hold, "by"),
                                Texts.instant(hold, "at"),
                                Texts.orNull(hold, "reason")),
                Tree.list(tree, "releases").stream().map(RecordedRelease::of).toList(),
                Tree.integer(0, tree, "older"),
                trouble == null ? null : new Trouble(Texts.instant(trouble, "at"), Tree.text(trouble, "message")));
    }

    private static Map<String, @Nullable Object> tree(RecordedHold hold) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("kind", hold.kind());
        tree.put("by", hold.by());
        tree.put("at", hold.at().toString());
        tree.put("reason", hold.reason());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Trouble trouble) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("at", trouble.at().toString());
        tree.put("message", trouble.message());
        return tree;
    }
}
