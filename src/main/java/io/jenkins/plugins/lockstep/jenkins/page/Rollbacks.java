package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import hudson.model.ModelObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The background rollbacks of a job: {@code job/NAME/lockstep/rollbacks/}. */
public final class Rollbacks implements ModelObject {

    static final String URL = "rollbacks";
    static final String RECORD = "rollback.json";

    /** How many are kept. */
    static final int MOST = 50;

    private static final Logger LOGGER = Logger.getLogger(Rollbacks.class.getName());
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final Job<?, ?> job;

    Rollbacks(Job<?, ?> job) {
        this.job = job;
    }

    /** Goes on with what a restart of the controller cut off. */
    static void resume(Job<?, ?> job) {
        // A request that begins another one meanwhile waits, as RollbackRequests does.
        synchronized (RollbackThreads.get()) {
            for (BackgroundRollback rollback : new Rollbacks(job).getAll()) {
                if (rollback.isRunning()) {
                    RollbackThreads.get().submit(rollback, true);
                }
            }
        }
    }

    /** Begins one. */
    BackgroundRollback begin(String app, String environment, String to, String by) throws IOException {
        Path home = home();
        Files.createDirectories(home);
        var rollback = create(home, RollbackRecord.begin(app, environment, to, by, Instant.now()));
        forgetOld();
        RollbackThreads.get().submit(rollback, false);
        return rollback;
    }

    private BackgroundRollback create(Path home, RollbackRecord record) throws IOException {
        int number = numbers().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        Path directory = home.resolve(String.valueOf(number));
        Files.createDirectory(directory);
        record.write(directory.resolve(RECORD));
        return new BackgroundRollback(job, number, directory, record);
    }

    private void forgetOld() throws IOException {
        List<BackgroundRollback> all = getAll();
        for (BackgroundRollback old : all.subList(Math.min(MOST, all.size()), all.size())) {
            if (!old.isRunning()) {
                Path directory = home().resolve(String.valueOf(old.getNumber()));
                Files.deleteIfExists(old.log());
                Files.deleteIfExists(directory.resolve(RECORD));
                Files.deleteIfExists(directory);
            }
        }
    }

    /** Returns the one that rolls an environment back now, null for none. */
    @Nullable
    BackgroundRollback running(String app, String environment) {
        return getAll().stream()
                .filter(BackgroundRollback::isRunning)
                .filter(rollback -> rollback.getApp().equals(app)
                        && rollback.getEnvironment().equals(environment))
                .findFirst()
                .orElse(null);
    }

    /** Returns those that are kept, the newest first. */
    public List<BackgroundRollback> getAll() {
        return numbers().stream()
                .sorted(Comparator.reverseOrder())
                .map(this::find)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Returns what {@code rollbacks/N} names, null for nothing. */
    public @Nullable BackgroundRollback getDynamic(String number) {
        return NUMBER.matcher(number).matches() ? find(Integer.parseInt(number)) : null;
    }

    private @Nullable BackgroundRollback find(int number) {
        Path directory = home().resolve(String.valueOf(number));
        BackgroundRollback live = RollbackThreads.get().find(job.getFullName() + "#" + number);
        if (live != null) {
            return live;
        }
        try {
            return new BackgroundRollback(job, number, directory, RollbackRecord.read(directory.resolve(RECORD)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, directory + " can't be read and is left out", e);
            return null;
        }
    }

    private List<Integer> numbers() {
        var numbers = new ArrayList<Integer>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(home())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (NUMBER.matcher(name).matches()) {
                    numbers.add(Integer.valueOf(name));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, home() + " can't be read", e);
        }
        return numbers;
    }

    private Path home() {
        return Boards.directory(job).resolve(URL);
    }

    public Job<?, ?> getJob() {
        return job;
    }

    @Override
    public String getDisplayName() {
        return "Rollbacks";
    }
}
