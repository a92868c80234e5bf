package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One {@code hg} process that answers commands over its standard streams, as Mercurial's wiki describes under
 * <em>Command Server</em>: a request is a line with a verb and a block with its length in front, an answer is a row of
 * blocks, each on a channel that one letter names.
 *
 * <p>Used by one thread at a time. The process ends with {@link #close()}, with its caller's interrupt, after
 * {@link #PATIENCE}, and, since it then reads the end of its input, with this program.
 */
final class CommandServer implements AutoCloseable {

    /** How long one command may take: far more than any needs, so that a dead file system does not keep a build for ever. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final int MOST_HELLO_BYTES = 1 << 16;
    private static final int PIECE = 1 << 16;

    private final Process process;
    private final DataInputStream answers;
    private final DataOutputStream requests;
    private final LastWords errors = new LastWords();
    private final Thread errorReader = daemon(this::drainErrors, "lockstep-hg-errors");
    private final ExecutorService exchanges;

    /** The process did not do what the protocol says. */
    static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private CommandServer(Process process) {
        this.process = process;
        this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream(), PIECE));
        this.requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), PIECE));
        this.exchanges = Executors.newSingleThreadExecutor(task -> daemon(task, "lockstep-hg"));
    }

    /**
     * Starts a process that serves no repository of its own: each command says which.
     *
     * @param directory a directory outside of repositories, so that none is opened before a command asks for it
     */
    static CommandServer start(HgProgram program, Path directory) throws Failure, InterruptedException {
        var server = new CommandServer(
                program.start(directory, List.of("--config", "ui.interactive=False", "serve", "--cmdserver", "pipe")));
        server.errorReader.start();
        server.await(server::hello);
        return server;
    }

    /**
     * Runs one command.
     *
     * @param arguments as bytes, since they may hold file names
     * @param output gets standard output as it comes; what it throws ends the process
     * @param errors gets standard error
     * @return the exit code
     */
    int run(List<byte[]> arguments, OutputStream output, OutputStream errors) throws Failure, InterruptedException {
        return await(() -> exchange(arguments, output, errors));
    }

    boolean isAlive() {
        return process.isAlive() && !exchanges.isShutdown();
    }

    @Override
    public void close() {
        exchanges.shutdown();
        try {
            requests.close();
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    /** Pipes can't be interrupted, so another thread reads them, and whoever waits for it can. */
    private <T> T await(Callable<T> exchange) throws Failure, InterruptedException {
        Future<T> answer = exchanges.submit(exchange);
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            kill();
            throw e;
        } catch (TimeoutException | CancellationException e) {
            kill();
            throw new Failure("hg gave no answer within " + PATIENCE.toMinutes() + " minutes", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            try {
                if (cause instanceof EOFException) {
                    // It has ended by itself; to kill it would throw away what it still has to say about that.
                    errorReader.join(FAREWELL.toMillis());
                }
            } finally {
                kill();
            }
            if (cause instanceof RuntimeException own) {
                throw own;
            }
            throw new Failure(reason(cause), cause);
        }
    }

    private String reason(Throwable cause) {
        String words = errors.text();
        if (!words.isEmpty()) {
            return words;
        }
        return cause instanceof EOFException ? "hg ended without an answer" : String.valueOf(cause.getMessage());
    }

    private boolean hello() throws IOException {
        char channel = (char) answers.readByte();
        int length = answers.readInt();
        if (channel != 'o' || length < 0 || length > MOST_HELLO_BYTES) {
            throw new IOException("hg does not speak the protocol of Mercurial's command server");
        }
        String hello = new String(answers.readNBytes(length), ISO_8859_1);
        if (!hello.contains("runcommand")) {
            throw new IOException("hg can't run commands, it says: " + hello);
        }
        return true;
    }

    private int exchange(List<byte[]> arguments, OutputStream output, OutputStream errors) throws IOException {
        request(arguments);
        while (true) {
            char channel = (char) answers.readByte();
            int length = answers.readInt();
            switch (channel) {
                case 'o' -> copy(length, output);
                case 'e' -> copy(length, errors);
                case 'r' -> {
                    return answers.readInt();
                }
                // It asks for input, and there is nobody who could give some.
                case 'I', 'L' -> {
                    requests.writeInt(0);
                    requests.flush();
                }
                default -> {
                    // A capital letter means that it can't be left out.
                    if (Character.isUpperCase(channel)) {
                        throw new IOException("hg wants something unknown on its channel '" + channel + "'");
                    }
                    copy(length, OutputStream.nullOutputStream());
                }
            }
        }
    }

    private void request(List<byte[]> arguments) throws IOException {
        int length = arguments.size() - 1;
        for (byte[] argument : arguments) {
            length += argument.length;
        }
        requests.write("runcommand\n".getBytes(ISO_8859_1));
        requests.writeInt(length);
        for (int i = 0; i < arguments.size(); i++) {
            if (i > 0) {
                requests.write(0);
            }
            requests.write(arguments.get(i));
        }
        requests.flush();
    }

    private void copy(int length, OutputStream to) throws IOException {
        byte[] piece = new byte[Math.min(Math.max(length, 0), PIECE)];
        // The length is unsigned: a block may have up to 4 GiB.
        for (long left = Integer.toUnsignedLong(length); left > 0; ) {
            if (piece.length == 0) {
                piece = new byte[PIECE];
            }
            int read = answers.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                throw new EOFException();
            }
            to.write(piece, 0, read);
            left -= read;
        }
    }

    private void drainErrors() {
        try (InputStream stream = process.getErrorStream()) {
            stream.transferTo(errors);
        } catch (IOException e) {
            // It was killed meanwhile, and nobody wants to know more.
            return;
        }
    }

    /** Its children too: hg may be a script that starts the real one. */
    private void kill() {
        exchanges.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The end of what was written, so that a failure can be explained. */
    static final class LastWords extends OutputStream {

        private static final int MOST = 4096;

        private final byte[] ring = new byte[MOST];
        private long written;

        @Override
        public synchronized void write(int value) {
            ring[(int) (written++ % MOST)] = (byte) value;
        }

        synchronized String text() {
            int length = (int) Math.min(written, MOST);
            byte[] tail = new byte[length];
            for (int i = 0; i < length; i++) {
                tail[i] = ring[(int) ((written - length + i) % MOST)];
            }
            return new String(tail, UTF_8).strip();
        }
    }
}
