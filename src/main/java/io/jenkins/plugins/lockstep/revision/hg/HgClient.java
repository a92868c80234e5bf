package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code hg} about one repository. The process starts with the first question.
 *
 * <p>Nothing that a person typed may be among the arguments, but as a file's name behind {@code path:}.
 */
final class HgClient implements AutoCloseable {

    /**
     * What decides over any answer. Mercurial would switch these extensions on by itself where a repository requires them;
     * then large files would come from servers, or from places that no other clone has.
     */
    private static final List<String> SETTINGS = List.of(
            "commands.status.relative=False",
            "ui.relative-paths=False",
            "extensions.largefiles=!",
            "extensions.lfs=!",
            "extensions.git=!",
            "storage.dirstate-v2.slow-path=allow",
            "storage.revlog.persistent-nodemap.slow-path=allow");

    private static final int NOTHING_FOUND = 1;

    private final HgProgram program;
    private final Path root;
    private final HgFailures failures;
    private @Nullable CommandServer server;

    HgClient(HgProgram program, Path root) {
        this.program = program;
        this.root = root;
        this.failures = new HgFailures(root);
    }

    /**
     * Runs a command and reads its answer in rows of fields that end with NUL.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it fails, {@link Problem#INTERRUPTED} where the caller was
     *     interrupted
     */
    void rows(int width, Consumer<List<byte[]>> reader, List<String> command) {
        run(command, new Rows(width, reader));
    }

    /** As {@link #rows(int, Consumer, List)}, for a few rows of text. */
    List<List<String>> rows(int width, String... command) {
        var rows = new ArrayList<List<String>>();
        rows(
                width,
                row -> rows.add(
                        row.stream().map(field -> new String(field, UTF_8)).toList()),
                List.of(command));
        return rows;
    }

    /** Runs a command and hands its output on as it comes. */
    void run(List<String> command, OutputStream output) {
        var errors = new CommandServer.LastWords();
        int code = answered(() -> server().run(arguments(command), output, errors));
        if (code != 0 && (code != NOTHING_FOUND || errors.text().contains("abort:"))) {
            throw failures.of(errors.text());
        }
    }

    private CommandServer server() throws CommandServer.Failure, InterruptedException {
        if (server != null && server.isAlive()) {
            return server;
        }
        close();
        Path top = root.getRoot();
        CommandServer started = CommandServer.start(program, top == null ? root : top);
        try {
            requireRepositoryConfigurationUnread(started);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        server = started;
        return started;
    }

    /** An older one would read {@code .hg/hgrc}, and what that names could run. It knows nothing of any repository yet. */
    private void requireRepositoryConfigurationUnread(CommandServer server)
            throws CommandServer.Failure, InterruptedException {
        var help = new ByteArrayOutputStream();
        server.run(List.of(bytes("help"), bytes("environment")), help, OutputStream.nullOutputStream());
        if (!help.toString(UTF_8).contains("HGRCSKIPREPO")) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this Mercurial is too old")
                    .where(root.toString())
                    .why("it can't be told to leave a repository's own configuration unread (HGRCSKIPREPO), and what"
                            + " that names could run")
                    .hint("install Mercurial 6 or newer on this machine");
        }
    }

    private List<byte[]> arguments(List<String> command) {
        var arguments = new ArrayList<byte[]>();
        arguments.add(bytes("--repository"));
        arguments.add(root.toString().getBytes(namesOnDisk()));
        for (String setting : SETTINGS) {
            arguments.add(bytes("--config"));
            arguments.add(bytes(setting));
        }
        command.forEach(argument -> arguments.add(bytes(argument)));
        return arguments;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** What Java made the path's characters of, on every operating system. */
    private static Charset namesOnDisk() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : UTF_8;
    }

    private interface Question<T> {
        T ask() throws CommandServer.Failure, InterruptedException;
    }

    private <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (CommandServer.Failure e) {
            throw failures.of(String.valueOf(e.getMessage())).causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while reading the Mercurial repository")
                    .where(root.toString())
                    .causedBy(e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }
}
