package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make an environment match a revision: its summary, kept for ever.
 *
 * @param app the application
 * @param environment the environment
 * @param number from 1, without gaps, unique in app and environment
 * @param revision full id
 * @param vcs {@code git} or {@code mercurial}
 * @param images what was released, in the order of the project file
 * @param configMaps names of the content-named ConfigMaps
 * @param seal see {@link Seal}
 * @param at when it began
 * @param by who released: a user's name, as the front end knows it
 * @param build the build that released, a URL or {@code JOB #N}; null outside of a build
 * @param verdict how it ended, null while it runs (or where its process died)
 * @param undoing why it failed, while what ran before is brought back and it has not ended yet; that it gives way, until
 *     that is recorded as its end; null otherwise
 * @param rollbackOf the release that it brought back, null where it is no rollback
 * @param restored the number of the good release that was restored when this one failed, null where none was
 * @param lease how often the environment's lock had changed hands when this release took it, null where it is not known
 * @param remarks what is out of the ordinary, a sentence each: guards that were overridden, fields that were taken
 * @param pinned whether someone asked to keep its payload for good
 * @param collected whether its payload (what it rendered) is no longer kept, see {@link Retention}
 */
public record Release(
        String app,
        String environment,
        int number,
        String revision,
        String vcs,
        List<ReleasedImage> images,
        List<String> configMaps,
        String seal,
        Instant at,
        String by,
        @Nullable String build,
        @Nullable Verdict verdict,
        @Nullable Verdict undoing,
        @Nullable Integer rollbackOf,
        @Nullable Integer restored,
        @Nullable Integer lease,
        List<String> remarks,
        boolean pinned,
        boolean collected) {

    public Release {
        images = List.copyOf(images);
        configMaps = List.copyOf(configMaps);
        remarks = List.copyOf(remarks);
    }

    /**
     * Describes a release that has not begun: it has no number yet.
     *
     * @param build null outside of a build
     */
    public static Release draft(
            String app,
            String environment,
            String revision,
            String vcs,
            List<ReleasedImage> images,
            List<String> configMaps,
            String seal,
            Instant at,
            String by,
            @Nullable String build) {
        return new Release(
                app,
                environment,
                0,
                revision,
                vcs,
                images,
                configMaps,
                seal,
                at,
                by,
                build,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                false,
                false);
    }

    /**
     * An image of a release.
     *
     * @param name its name in the project file
     * @param reference repository, tag and digest
     */
    public record ReleasedImage(String name, ImageReference reference) {}

    /** Tells whether it ended well, so that it may be rolled back to. */
    public boolean isGood() {
        return verdict != null && verdict.isGood();
    }

    /** Tells whether it gave way to a newer one before it changed anything. */
    public boolean isSuperseded() {
        return verdict != null && verdict.code() == Verdict.Code.SUPERSEDED;
    }

    /** Tells whether it has not ended, and is to give way to a newer one: it changes nothing. */
    public boolean hasGivenWay() {
        return verdict == null && undoing != null && undoing.code() == Verdict.Code.SUPERSEDED;
    }

    /** Returns a copy with another number. */
    public Release numbered(int newNumber) {
        var copy = new Copy();
        copy.number = newNumber;
        return copy.release();
    }

    /** Returns a copy that brings an earlier release back, null for one that does not. */
    public Release asRollbackOf(@Nullable Integer earlier) {
        var copy = new Copy();
        copy.rollbackOf = earlier;
        return copy.release();
    }

    /** Returns a copy whose rollout has failed, and which is about to bring back what ran before. */
    public Release undone(Verdict failure) {
        var copy = new Copy();
        copy.undoing = failure;
        return copy.release();
    }

    /** Returns a copy that has ended. */
    public Release ended(Verdict end, @Nullable Integer restoredNumber) {
        var copy = new Copy();
        copy.verdict = end;
        copy.undoing = null;
        copy.restored = restoredNumber;
        return copy.release();
    }

    /** Returns a copy that says under which lease it is made. */
    public Release under(int transitions) {
        var copy = new Copy();
        copy.lease = transitions;
        return copy.release();
    }

    /** Returns a copy with one more remark. */
    public Release remarked(String remark) {
        var copy = new Copy();
        copy.remarks = Stream.concat(remarks.stream(), Stream.of(remark)).toList();
        return copy.release();
    }

    /** Returns a copy that is pinned, or no longer. */
    public Release keptFor(boolean ever) {
        var copy = new Copy();
        copy.pinned = ever;
        return copy.release();
    }

    /** Returns a copy whose payload is no longer kept. */
    public Release withoutPayload() {
        var copy = new Copy();
        copy.collected = true;
        return copy.release();
    }

    /** What changes in the life of a release. */
    private final class Copy {

        private int number = Release.this.number;
        private @Nullable Verdict verdict = Release.this.verdict;
        private @Nullable Verdict undoing = Release.this.undoing;
        private @Nullable Integer rollbackOf = Release.this.rollbackOf;
        private @Nullable Integer restored = Release.this.restored;
        private @Nullable Integer lease = Release.this.lease;
        private List<String> remarks = Release.this.remarks;
        private boolean pinned = Release.this.pinned;
        private boolean collected = Release.this.collected;

        Release release() {
            return new Release(
                    app,
                    environment,
                    number,
                    revision,
                    vcs,
                    images,
                    configMaps,
                    seal,
                    at,
                    by,
                    build,
                    verdict,
                    undoing,
                    rollbackOf,
                    restored,
                    lease,
                    remarks,
                    pinned,
                    collected);
        }
    }
}
