package io.jenkins.plugins.lockstep.jenkins.board;

import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.NOW;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.commit;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.environment;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.held;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.log;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.project;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject.Stage;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedRelease.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardStoreTest {

    private static final CommitLog LOG = log(commit('3', '2', '1'), commit('2'), commit('1'));

    @TempDir
    Path home;

    @Test
    void aDirectoryThatIsNotThereHoldsNothing() {
        var store = new BoardStore(home.resolve("cart"));

        assertThat(store.isKept()).isFalse();
        assertThat(store.project()).isNull();
        assertThat(store.environment("staging")).isNull();
        assertThat(Board.read(store, NOW)).isNull();
    }

    @Test
    void whatIsKeptComesBackAsItWas() throws IOException {
        RecordedProject project = project(LOG, new Stage("staging", null), new Stage("production", "staging"));
        RecordedEnvironment staging = held(
                        environment("staging", 1, withReasons(release(2, '2', "crash-loop")), release(1, '1', null)),
                        "by-hand",
                        null)
                .failed(NOW, "no\n  why: \"<&>\"");
        var store = new BoardStore(home.resolve("cart"));
        store.keep(project);
        store.keep(staging);

        var again = new BoardStore(home.resolve("cart"));
        assertThat(again.isKept()).isTrue();
        assertThat(again.project()).isEqualTo(project);
        assertThat(again.environment("staging")).isEqualTo(staging);
        assertThat(Board.read(again, NOW).getEnvironments())
                .extracting(BoardEnvironment::getName)
                .containsExactly("staging", "production");
    }

    @Test
    void anEnvironmentThatTheProjectNoLongerHasIsForgotten() throws IOException {
        var store = new BoardStore(home);
        store.keep(project(LOG, new Stage("staging", null), new Stage("demo", null)));
        store.keep(environment("staging", null));
        store.keep(environment("demo", null));

        store.keep(project(LOG, new Stage("staging", null)));

        assertThat(store.environment("staging")).isNotNull();
        assertThat(store.environment("demo")).isNull();
    }

    @Test
    void aNameIsNeverAPath() throws IOException {
        var store = new BoardStore(home.resolve("cart"));
        store.keep(environment("../../staging", null));

        try (Stream<Path> outside = Files.list(home)) {
            assertThat(outside).containsExactly(home.resolve("cart"));
        }
        assertThat(store.environment("../../staging").name()).isEqualTo("../../staging");
    }

    @Test
    void aDamagedFileCountsAsOneThatIsNotThere() throws IOException {
        var store = new BoardStore(home);
        store.keep(project(LOG, new Stage("staging", null)));
        store.keep(environment("staging", null));
        Files.writeString(home.resolve("environment-staging.json"), "{\"name\": \"sta");
        Files.writeString(home.resolve("project.json"), "{\"at\": \"yesterday\"}");

        assertThat(store.environment("staging")).isNull();
        assertThat(store.project()).isNull();
        store.keep(environment("staging", null));
        assertThat(store.environment("staging")).isNotNull();
    }

    @Test
    void nothingButWholeFilesIsLeft() throws IOException {
        var store = new BoardStore(home);
        for (int i = 0; i < 3; i++) {
            store.keep(project(LOG, new Stage("staging", null)));
            store.keep(environment("staging", null));
        }

        try (Stream<Path> files = Files.list(home)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("project.json", "environment-staging.json");
        }
    }

    private static RecordedRelease withReasons(RecordedRelease release) {
        return new RecordedRelease(
                release.number(),
                release.revision(),
                null,
                release.at(),
                release.by(),
                null,
                release.verdict(),
                release.message(),
                release.hint(),
                7,
                6,
                new Readiness(List.of("the image is gone"), List.of("a note")));
    }
}
