package io.jenkins.plugins.lockstep.jenkins.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.jenkins.page.RollbackRecord.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollbackRecordTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path home;

    @Test
    void whatIsWrittenComesBackAtEveryStage() throws IOException {
        Path file = home.resolve("rollback.json");
        RollbackRecord begun = RollbackRecord.begin("cart", "staging", "#7", "ada <script>", NOW);
        RollbackRecord released = begun.released(9);
        RollbackRecord ended = released.ended(State.FAILED, null, "1".repeat(40), "no \"pod\"", "look", NOW);

        for (RollbackRecord record : new RollbackRecord[] {begun, released, ended}) {
            record.write(file);
            assertThat(RollbackRecord.read(file)).isEqualTo(record);
        }
        assertThat(ended.release()).isEqualTo(9);
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void oneThatIsNotThereIsTold() {
        assertThatThrownBy(() -> RollbackRecord.read(home.resolve("rollback.json")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aLogGoesOnWhereItEndedAndTellsAWarningOnce() throws IOException {
        Path file = home.resolve("log");
        try (var log = new LogFile(file)) {
            log.step("one – ä");
            log.warn("hot");
            log.warn("hot");
        }
        try (var log = new LogFile(file)) {
            log.step("two");
        }

        assertThat(Files.readAllLines(file, StandardCharsets.UTF_8)).containsExactly("one – ä", "warning: hot", "two");
    }
}
