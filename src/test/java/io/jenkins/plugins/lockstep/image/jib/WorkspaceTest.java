package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {

    @TempDir
    Path cache;

    @Test
    void whatAKilledBuildLeftIsGoneAnotherDayAndNothingElse() throws IOException {
        Path killed = old("build-1", 25);
        Path running = old("build-2", 23);
        Path layers = old("layers", 1000);

        Workspace.in(cache).close();

        try (var left = Files.list(cache)) {
            assertThat(left).containsExactlyInAnyOrder(running, layers);
        }
    }

    private Path old(String name, int hours) throws IOException {
        Path directory = Files.createDirectories(cache.resolve(name));
        Files.writeString(directory.resolve("layer"), "content");
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
        return directory;
    }
}
