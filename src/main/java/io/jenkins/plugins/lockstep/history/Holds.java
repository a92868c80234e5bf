package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.deploy.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds an environment, told from its releases and from what people said; pure.
 *
 * <p>A rollback holds from the moment when its release begins, because that is when it is written down: there is no second
 * write that a crash could lose. It ends with a good release of another revision, which only a guard can have let pass,
 * or when someone lifts it.
 *
 * @param log the releases
 * @param notes what people said
 */
public record Holds(ReleaseLog log, HoldNotes notes) {

    /**
     * Verdicts that say nothing against the revision: the registry, the cluster, its rights and quotas, what is missing
     * there. As words, because a ledger may have some of a newer Lockstep.
     */
    private static final Set<String> EXTERNAL = Set.of(
            "registry-unreachable",
            "image-not-found",
            "image-refused",
            "unschedulable",
            "quota-exceeded",
            "forbidden",
            "kind-not-served",
            "namespace-missing",
            "admission-denied",
            "field-conflict",
            "missing-configuration",
            "volume-not-mounted",
            "volume-pending",
            "cluster-failed",
            "interrupted",
            "superseded",
            "crashed");

    /** Returns what refuses every revision but the one that runs. */
    public Optional<Hold> environment() {
        HoldNotes.ByHand said = notes.hold();
        return said == null
                ? Optional.ofNullable(rollback())
                : Optional.of(new Hold(Hold.Kind.BY_HAND, said.by(), said.at(), said.reason(), null, List.of()));
    }

    /** Returns what refuses a revision because it failed here and what ran before it was restored. */
    public Optional<Hold> failure(String revision) {
        return log.ofRevision(revision).filter(Holds::isConclusive).findFirst().flatMap(this::held);
    }

    private Optional<Hold> held(Release conclusive) {
        return conclusive.isGood() || conclusive.restored() == null || notes.liftsFrom(conclusive.number())
                ? Optional.empty()
                : Optional.of(failure(conclusive));
    }

    /** Returns what a person who looks at the environment should know: what holds it, or else its newest revision alone. */
    public Optional<Hold> shown() {
        return environment().or(() -> log.newestOutcome()
                .filter(release -> !release.isGood())
                .flatMap(release -> failure(release.revision())));
    }

    /** Returns everything that holds now. */
    public List<Hold> all() {
        var all = new ArrayList<Hold>();
        environment().ifPresent(all::add);
        var seen = new HashSet<String>();
        for (Release release : log.releases()) {
            if (isConclusive(release) && seen.add(release.revision())) {
                held(release).ifPresent(all::add);
            }
        }
        return List.copyOf(all);
    }

    /** Goes through the releases in the order of their beginning, from the last one that no hold outlived. */
    private @Nullable Hold rollback() {
        Hold hold = null;
        String running = null;
        String left = null;
        List<Release> releases = sinceReset();
        for (int i = releases.size() - 1; i >= 0; i--) {
            Release release = releases.get(i);
            if (release.rollbackOf() != null && left != null) {
                hold = held(release, left, hold);
            }
            if (release.isGood()) {
                if (release.rollbackOf() == null && !release.revision().equals(running)) {
                    hold = null;
                }
                running = release.revision();
            }
            if (notes.liftsFrom(release.number())) {
                hold = null;
            }
            // What failed and was not restored is half there: that is what the next rollback leaves.
            left = release.restored() != null && running != null ? running : release.revision();
        }
        return hold;
    }

    /**
     * Returns the releases from the newest one on that ended whatever hold there was: a good one, no rollback, of another
     * revision than ran before. What came earlier makes no difference. Newest first; all where none ended a hold.
     */
    private List<Release> sinceReset() {
        var since = new ArrayList<Release>();
        int reset = -1;
        Iterator<Release> newestFirst = log.effective().iterator();
        while (newestFirst.hasNext()) {
            Release release = newestFirst.next();
            if (release.isGood()) {
                if (reset >= 0 && !release.revision().equals(since.get(reset).revision())) {
                    return since.subList(0, reset + 1);
                }
                reset = release.rollbackOf() == null ? since.size() : -1;
            }
            since.add(release);
        }
        return since;
    }

    /** A second rollback in a row leaves a second bad revision; where it goes is good again. */
    private static Hold held(Release rollback, String left, @Nullable Hold earlier) {
        var revisions = new LinkedHashSet<String>();
        revisions.add(left);
        if (earlier != null) {
            revisions.addAll(earlier.revisions());
        }
        if (!rollback.revision().equals(left)) {
            revisions.remove(rollback.revision());
        }
        return new Hold(
                Hold.Kind.ROLLBACK,
                rollback.by(),
                rollback.at(),
                "rolled back to release " + rollback.rollbackOf(),
                rollback.number(),
                List.copyOf(revisions));
    }

    private static boolean isConclusive(Release release) {
        Verdict verdict = release.verdict();
        return verdict != null
                && (verdict.isGood() || !EXTERNAL.contains(verdict.code().word()));
    }

    private static Hold failure(Release release) {
        Verdict verdict = release.verdict();
        String message = verdict == null ? "" : ": " + verdict.message();
        return new Hold(
                Hold.Kind.FAILURE,
                release.by(),
                release.at(),
                "release " + release.number() + " failed" + message,
                release.number(),
                List.of(release.revision()));
    }
}
