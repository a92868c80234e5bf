package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import io.jenkins.plugins.lockstep.jenkins.board.Commit;
import io.jenkins.plugins.lockstep.jenkins.board.CommitLog;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedEnvironment.RecordedHold;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject.Stage;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedRelease;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedRelease.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A board as builds and looks would have recorded it: staging is two commits ahead of production. */
final class SeededBoard {

    static final String HOSTILE = "<script>document.title='owned'</script> & \"quoted\"";

    static final String FIRST = "1111111111111111111111111111111111111111";
    static final String SECOND = "2222222222222222222222222222222222222222";
    static final String THIRD = "3333333333333333333333333333333333333333";

    private SeededBoard() {}

    /** Fresh for as long as a test may take: nobody has to look again. */
    static void seed(Job<?, ?> job) throws IOException {
        seed(job, Instant.now().plus(Duration.ofHours(1)));
    }

    /** @param looked when somebody is to have looked at the environments */
    static void seed(Job<?, ?> job, Instant looked) throws IOException {
        Instant now = Instant.now();
        var log = new CommitLog(List.of(
                new Commit(THIRD, List.of(SECOND), "Grace Hopper", now.minus(Duration.ofHours(1)), HOSTILE),
                new Commit(SECOND, List.of(FIRST), "Ada Lovelace", now.minus(Duration.ofHours(5)), "Count the loaves"),
                new Commit(FIRST, List.of(), "Ada Lovelace", now.minus(Duration.ofDays(3)), "Sell bread")));
        Boards.get()
                .keep(
                        job,
                        new RecordedProject(
                                "cart",
                                THIRD,
                                job.getFullName() + "#3",
                                now.minus(Duration.ofMinutes(50)),
                                List.of(new Stage("production", "staging"), new Stage("staging", null)),
                                log));
        var store = Boards.store(job, "cart");
        store.keep(new RecordedEnvironment(
                "staging",
                "shop-staging",
                looked,
                2,
                1,
                "degraded",
                1,
                2,
                "pod cart-7d9f: " + HOSTILE,
                1,
                null,
                List.of(
                        release(3, THIRD, "crash-loop", HOSTILE, null, now.minus(Duration.ofMinutes(40)), job),
                        release(
                                2,
                                SECOND,
                                "running",
                                "2 of 2 pods are ready",
                                null,
                                now.minus(Duration.ofHours(4)),
                                job),
                        release(
                                1,
                                FIRST,
                                "running",
                                "2 of 2 pods are ready",
                                ready(),
                                now.minus(Duration.ofDays(2)),
                                job)),
                0,
                null));
        store.keep(new RecordedEnvironment(
                "production",
                "shop",
                looked,
                1,
                null,
                "ready",
                3,
                3,
                null,
                0,
                new RecordedHold("by-hand", "grace", now.minus(Duration.ofHours(2)), HOSTILE),
                List.of(release(
                        1, FIRST, "running", "3 of 3 pods are ready", null, now.minus(Duration.ofDays(1)), job)),
                0,
                null));
    }

    private static Readiness ready() {
        return new Readiness(List.of(), List.of());
    }

    private static RecordedRelease release(
            int number,
            String revision,
            String verdict,
            String message,
            Readiness readiness,
            Instant at,
            Job<?, ?> job) {
        return new RecordedRelease(
                number,
                revision,
                "registry.example.com/shop/cart:" + revision + "@sha256:" + "ab".repeat(32),
                at,
                "ada",
                job.getFullName() + "#" + number,
                verdict,
                message,
                verdict.equals("running") ? null : "look at the log: " + HOSTILE,
                null,
                verdict.equals("running") ? null : number - 1,
                readiness);
    }
}
