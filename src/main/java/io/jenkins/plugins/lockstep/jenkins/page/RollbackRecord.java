package io.jenkins.plugins.lockstep.jenkins.page;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A background rollback as the disk keeps it.
 *
 * @param app the application
 * @param environment of the application
 * @param to {@code previous}, {@code #N} or a revision
 * @param by who asked for it, as the ledger tells it
 * @param begun when somebody asked for it
 * @param state how far it is
 * @param ended when it ended, null before
 * @param release the number of the release that it made, null where none was begun
 * @param revision full id of what runs after it, null where it made no release
 * @param message how it ended, null before
 * @param hint what is to be done now, null for nothing
 */
record RollbackRecord(
        String app,
        String environment,
        String to,
        String by,
        Instant begun,
        State state,
        @Nullable Instant ended,
        @Nullable Integer release,
        @Nullable String revision,
        @Nullable String message,
        @Nullable String hint) {

    /** How far a rollback is. */
    enum State {
        RUNNING,
        DONE,
        FAILED,
        ABORTED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns one that begins. */
    static RollbackRecord begin(String app, String environment, String to, String by, Instant now) {
        return new RollbackRecord(app, environment, to, by, now, State.RUNNING, null, null, null, null, null);
    }

    /** Returns a copy that has begun the release of a number. */
    RollbackRecord released(int number) {
        return new RollbackRecord(app, environment, to, by, begun, state, ended, number, revision, message, hint);
    }

    /** Returns a copy that has ended. */
    RollbackRecord ended(
            State end,
            @Nullable Integer number,
            @Nullable String running,
            @Nullable String words,
            @Nullable String advice,
            Instant now) {
        return new RollbackRecord(
                app, environment, to, by, begun, end, now, number == null ? release : number, running, words, advice);
    }

    /** Writes it whole. */
    void write(Path file) throws IOException {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment);
        tree.put("to", to);
        tree.put("by", by);
        tree.put("begun", begun.toString());
        tree.put("state", state.word());
        tree.put("ended", ended == null ? null : ended.toString());
        tree.put("release", release);
        tree.put("revision", revision);
        tree.put("message", message);
        tree.put("hint", hint);
        Path beside = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            Files.writeString(beside, Json.write(tree));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Reads what was written.
     *
     * @throws IOException where it is not there
     * @throws RuntimeException where it is damaged
     */
    static RollbackRecord read(Path file) throws IOException {
        Object tree = Json.read(Files.readString(file));
        return new RollbackRecord(
                Tree.text(tree, "app"),
                Tree.text(tree, "environment"),
                Tree.text(tree, "to"),
                Tree.text(tree, "by"),
                Instant.parse(Tree.text(tree, "begun")),
                State.valueOf(Tree.text(tree, "state").toUpperCase(Locale.ROOT)),
                Tree.at(tree, "ended") == null ? null : Instant.parse(Tree.text(tree, "ended")),
                Tree.integer(tree, "release"),
                orNull(tree, "revision"),
                orNull(tree, "message"),
                orNull(tree, "hint"));
    }

    private static @Nullable String orNull(@Nullable Object tree, String key) {
        return Tree.at(tree, key) instanceof String text ? text : null;
    }
}
