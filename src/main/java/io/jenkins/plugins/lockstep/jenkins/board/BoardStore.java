package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The recorded state of a job, a JSON file for its project and one for each environment. Each file is replaced whole; a
 * file that is damaged counts as one that is not there, since all of it is found out again.
 *
 * <p>Thread-safe.
 */
public final class BoardStore {

    private static final Logger LOGGER = Logger.getLogger(BoardStore.class.getName());
    private static final String PROJECT = "project.json";
    private static final String ENVIRONMENT = "environment-";

    private final Path directory;

    /** @param directory of its own; need not be there */
    public BoardStore(Path directory) {
        this.directory = directory;
    }

    /** Tells whether a build ever recorded its project here: one look at the disk. */
    public boolean isKept() {
        return Files.exists(directory.resolve(PROJECT));
    }

    /** Returns what the newest build said, null where none did. */
    public @Nullable RecordedProject project() {
        return read(directory.resolve(PROJECT), RecordedProject::of);
    }

    /** Returns what is recorded of an environment, null for nothing. */
    public @Nullable RecordedEnvironment environment(String name) {
        return read(file(name), RecordedEnvironment::of);
    }

    /** Keeps what a build says of its project, and forgets the environments that it no longer has. */
    public void keep(RecordedProject project) throws IOException {
        write(directory.resolve(PROJECT), project.toTree());
        List<Path> kept =
                project.environments().stream().map(stage -> file(stage.name())).toList();
        for (Path file : files()) {
            if (file.getFileName().toString().startsWith(ENVIRONMENT) && !kept.contains(file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Keeps what was found in an environment. */
    public void keep(RecordedEnvironment environment) throws IOException {
        write(file(environment.name()), environment.toTree());
    }

    private Path file(String environment) {
        return directory.resolve(ENVIRONMENT + URLEncoder.encode(environment, StandardCharsets.UTF_8) + ".json");
    }

    private List<Path> files() throws IOException {
        var files = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(directory)) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static <T> @Nullable T read(Path file, Function<@Nullable Object, T> reader) {
        try {
            return reader.apply(Json.read(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | DeliveryException | DateTimeException e) {
            LOGGER.log(Level.WARNING, "the recorded state in " + file + " can't be read and is left out", e);
            return null;
        }
    }

    private static void write(Path file, Map<String, @Nullable Object> tree) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            Files.writeString(beside, Json.write(tree));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
