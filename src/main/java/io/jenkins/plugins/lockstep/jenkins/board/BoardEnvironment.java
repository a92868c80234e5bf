package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.delivery.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** An environment as a reader sees it now: what was last recorded, and how old that is. */
@ExportedBean(defaultVisibility = 999)
public final class BoardEnvironment {

    private final RecordedEnvironment recorded;
    private final @Nullable String after;
    private final @Nullable Incoming incoming;
    private final CommitLog log;
    private final Instant now;

    BoardEnvironment(
            RecordedEnvironment recorded,
            @Nullable String after,
            @Nullable Incoming incoming,
            CommitLog log,
            Instant now) {
        this.recorded = recorded;
        this.after = after;
        this.incoming = incoming;
        this.log = log;
        this.now = now;
    }

    @Exported
    public String getName() {
        return recorded.name();
    }

    /** Returns where it lives, null where that is not known. */
    @Exported
    public @Nullable String getNamespace() {
        return recorded.namespace().isEmpty() ? null : recorded.namespace();
    }

    /** Returns the environment in which a revision has to run before it may come here, null for none. */
    @Exported
    public @Nullable String getAfter() {
        return after;
    }

    /** Returns what runs, null where nothing does or where it is not known. */
    @Exported
    public @Nullable BoardRelease getCurrent() {
        RecordedRelease current = recorded.release(recorded.current());
        return current == null ? null : row(current);
    }

    /** Returns the releases, the newest first. */
    @Exported
    public List<BoardRelease> getReleases() {
        return recorded.releases().stream().map(this::row).toList();
    }

    /** Returns the release of a number, null where it is not recorded. */
    public @Nullable BoardRelease release(int number) {
        RecordedRelease release = recorded.release(number);
        return release == null ? null : row(release);
    }

    /** Returns how many releases are not shown. */
    @Exported
    public int getOlder() {
        return recorded.older();
    }

    /** Returns what a rollback that names no release goes back to; null for nothing, and where something is in the way. */
    public @Nullable BoardRelease getSuggested() {
        RecordedRelease previous = recorded.release(recorded.previous());
        return previous == null || !row(previous).isTarget() ? null : row(previous);
    }

    /** Returns the newest release where it did not end well, null where it did: what runs is an older one, or a mixture. */
    public @Nullable BoardRelease getFailed() {
        return getReleases().stream()
                .limit(1)
                .filter(newest -> !newest.isRunning() && !newest.isGood())
                .findFirst()
                .orElse(null);
    }

    /** Returns the release that has begun and not ended, null for none. */
    public @Nullable BoardRelease getUnderWay() {
        return getReleases().stream()
                .limit(1)
                .filter(BoardRelease::isRunning)
                .findFirst()
                .orElse(null);
    }

    /** Returns how long what runs has been there, null where nothing does. */
    public @Nullable String getAge() {
        BoardRelease current = getCurrent();
        return current == null ? null : Ages.words(Duration.between(Instant.parse(current.getAt()), now));
    }

    /** Returns the health in one word, see {@link Health.State}. */
    @Exported
    public String getHealth() {
        return recorded.state();
    }

    @Exported
    public int getReady() {
        return recorded.ready();
    }

    @Exported
    public int getWanted() {
        return recorded.wanted();
    }

    /** Returns the health in words, for example {@code degraded, 2 of 3 pods ready}. */
    public String getHealthWords() {
        return switch (healthState()) {
            case NOTHING -> "nothing runs";
            case UNKNOWN -> "not known";
            default -> recorded.state() + ", " + recorded.ready() + " of " + recorded.wanted() + " pods ready";
        };
    }

    /** Returns the class of Jenkins' design library that colours the health. */
    public String getHealthClass() {
        return switch (healthState()) {
            case READY -> "jenkins-!-success-color";
            case DEGRADED -> "jenkins-!-warning-color";
            case FAILING -> "jenkins-!-error-color";
            case NOTHING, UNKNOWN -> "";
        };
    }

    /** Returns the symbol of the health. */
    public String getHealthIcon() {
        return switch (healthState()) {
            case READY -> "symbol-status-blue";
            case DEGRADED -> "symbol-status-yellow";
            case FAILING -> "symbol-status-red";
            case NOTHING, UNKNOWN -> "symbol-status-nobuilt";
        };
    }

    /** Returns what the first pod says that is not ready, null for nothing. */
    @Exported
    public @Nullable String getReason() {
        return recorded.reason();
    }

    /** Returns how many objects differ from the current release, null where that can't be told. */
    @Exported
    public @Nullable Integer getDrifted() {
        return recorded.drifted();
    }

    /** Returns how many objects differ from the current release, in words; null for none and where it can't be told. */
    public @Nullable String getDriftWords() {
        Integer drifted = recorded.drifted();
        if (drifted == null || drifted == 0) {
            return null;
        }
        return drifted == 1 ? "1 object differs from the release" : drifted + " objects differ from the release";
    }

    /** Tells whether something holds it. */
    @Exported
    public boolean isHeld() {
        return recorded.hold() != null;
    }

    /** Returns who holds it, since when and why; null where nothing does. */
    @Exported
    public @Nullable String getHold() {
        var hold = recorded.hold();
        if (hold == null) {
            return null;
        }
        String since =
                switch (hold.kind()) {
                    case "rollback" -> "rolled back by ";
                    case "failure" -> "a release failed, by ";
                    default -> "held by ";
                };
        String words = since + hold.by() + " " + Ages.ago(hold.at(), now);
        return hold.reason() == null ? words : words + ": " + hold.reason();
    }

    /** Returns what would come here next, null where nothing is known to. */
    @Exported
    public @Nullable Incoming getIncoming() {
        return incoming;
    }

    /** Returns when it was last looked at, for machines; null for never. */
    @Exported
    public @Nullable String getLookedAt() {
        return recorded.lookedAt() == null ? null : recorded.lookedAt().toString();
    }

    /** Returns how long ago it was last looked at, null for never. */
    public @Nullable String getAsOf() {
        return recorded.lookedAt() == null ? null : Ages.ago(recorded.lookedAt(), now);
    }

    /** Returns why the newest look failed, null where it did not. */
    @Exported
    public @Nullable String getTrouble() {
        return recorded.trouble() == null ? null : recorded.trouble().message();
    }

    /** Returns how long ago the newest look failed, null where it did not. */
    public @Nullable String getTroubleAgo() {
        return recorded.trouble() == null ? null : Ages.ago(recorded.trouble().at(), now);
    }

    private BoardRelease row(RecordedRelease release) {
        return new BoardRelease(release, Integer.valueOf(release.number()).equals(recorded.current()), log, now);
    }

    private Health.State healthState() {
        for (Health.State state : Health.State.values()) {
            if (state.word().equals(recorded.state())) {
                return state;
            }
        }
        return Health.State.UNKNOWN;
    }
}
