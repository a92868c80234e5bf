package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A release of the ledger, as it was when it was recorded.
 *
 * @param number from 1
 * @param revision full id
 * @param image the first image with its digest, null for an application without images
 * @param at when it began
 * @param by who released
 * @param build the build that released, null outside of a build
 * @param verdict the word of its code, null while it runs
 * @param message of the verdict, null while it runs
 * @param hint what is to be done now, null for nothing
 * @param rollbackOf the release that it brought back, null where it is no rollback
 * @param restored the release that was restored when it failed, null where none was
 * @param readiness whether a rollback would find all that it needs, null where that was not looked at
 */
public record RecordedRelease(
        int number,
        String revision,
        @Nullable String image,
        Instant at,
        String by,
        @Nullable String build,
        @Nullable String verdict,
        @Nullable String message,
        @Nullable String hint,
        @Nullable Integer rollbackOf,
        @Nullable Integer restored,
        @Nullable Readiness readiness) {

    /**
     * What a rollback would find.
     *
     * @param reasons what it would lack; none where it is ready
     * @param notes what it would do besides
     */
    public record Readiness(List<String> reasons, List<String> notes) {

        public Readiness {
            reasons = List.copyOf(reasons);
            notes = List.copyOf(notes);
        }
    }

    static RecordedRelease of(Release release, ReadinessResult.@Nullable Target target) {
        Verdict verdict = release.verdict();
        return new RecordedRelease(
                release.number(),
                release.revision(),
                release.images().isEmpty()
                        ? null
                        : release.images().get(0).reference().toString(),
                release.at(),
                release.by(),
                release.build(),
                verdict == null ? null : verdict.code().word(),
                verdict == null ? null : verdict.message(),
                verdict == null ? null : verdict.hint(),
                release.rollbackOf(),
                release.restored(),
                target == null ? null : new Readiness(target.reasons(), target.notes()));
    }

    /** Tells whether it ended well. */
    public boolean isGood() {
        return verdict != null && Verdict.Code.ofWord(verdict).isGood();
    }

    Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("number", number);
        tree.put("revision", revision);
        tree.put("image", image);
        tree.put("at", at.toString());
        tree.put("by", by);
        tree.put("build", build);
        tree.put("verdict", verdict);
        tree.put("message", message);
        tree.put("hint", hint);
        tree.put("rollbackOf", rollbackOf);
        tree.put("restored", restored);
        tree.put("reasons", readiness == null ? null : readiness.reasons());
        tree.put("notes", readiness == null ? null : readiness.notes());
        return tree;
    }

    static RecordedRelease of(@Nullable Object tree) {
        return new RecordedRelease(
                Tree.integer(0, tree, "number"),
                Tree.text(tree, "revision"),
                Texts.orNull(tree, "image"),
                Texts.instant(tree, "at"),
                Tree.text(tree, "by"),
                Texts.orNull(tree, "build"),
                Texts.orNull(tree, "verdict"),
                Texts.orNull(tree, "message"),
                Texts.orNull(tree, "hint"),
                Tree.integer(tree, "rollbackOf"),
                Tree.integer(tree, "restored"),
                Tree.at(tree, "reasons") == null
                        ? null
                        : new Readiness(Texts.list(tree, "reasons"), Texts.list(tree, "notes")));
    }
}
