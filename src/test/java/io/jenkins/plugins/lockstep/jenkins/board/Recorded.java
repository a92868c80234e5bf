package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.jenkins.board.RecordedEnvironment.RecordedHold;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject.Stage;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedRelease.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Records as tests need them. */
final class Recorded {

    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private Recorded() {}

    static String id(char digit) {
        return String.valueOf(digit).repeat(40);
    }

    static Commit commit(char id, char... parents) {
        var ids = new java.util.ArrayList<String>();
        for (char parent : parents) {
            ids.add(id(parent));
        }
        return new Commit(id(id), ids, "Ada Lovelace", NOW.minus(Duration.ofDays(1)), "Commit " + id);
    }

    static CommitLog log(Commit... commits) {
        return new CommitLog(Arrays.asList(commits));
    }

    static RecordedProject project(CommitLog log, Stage... stages) {
        return new RecordedProject(
                "cart", log.commits().get(0).id(), "shop/cart#7", NOW.minus(Duration.ofHours(3)), List.of(stages), log);
    }

    static RecordedRelease release(int number, char revision, String verdict) {
        return new RecordedRelease(
                number,
                id(revision),
                "registry.example.com/shop/cart@sha256:" + id('a'),
                NOW.minus(Duration.ofDays(10 - number)),
                "ada",
                "shop/cart#" + number,
                verdict,
                verdict == null ? null : "all is said",
                verdict == null || verdict.equals("running") ? null : "look at the log",
                null,
                null,
                "running".equals(verdict) ? new Readiness(List.of(), List.of()) : null);
    }

    static RecordedEnvironment environment(String name, Integer current, RecordedRelease... releases) {
        return environment(name, current, null, releases);
    }

    static RecordedEnvironment environment(
            String name, Integer current, Integer previous, RecordedRelease... releases) {
        return new RecordedEnvironment(
                name,
                "shop",
                NOW.minus(Duration.ofMinutes(3)),
                current,
                previous,
                "ready",
                2,
                2,
                null,
                0,
                null,
                List.of(releases),
                0,
                null);
    }

    static RecordedEnvironment held(RecordedEnvironment environment, String kind, String reason) {
        return new RecordedEnvironment(
                environment.name(),
                environment.namespace(),
                environment.lookedAt(),
                environment.current(),
                environment.previous(),
                environment.state(),
                environment.ready(),
                environment.wanted(),
                environment.reason(),
                environment.drifted(),
                new RecordedHold(kind, "grace", NOW.minus(Duration.ofHours(2)), reason),
                environment.releases(),
                environment.older(),
                environment.trouble());
    }
}
