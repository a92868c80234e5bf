package io.jenkins.plugins.lockstep.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs a command whose standard input and output come late: what an agent is that is some milliseconds away. Bytes are
 * not held up by each other, so it is a delay and no narrow line.
 */
final class DelayedProcess {

    private static final Chunk END = new Chunk(0, new byte[0]);

    private record Chunk(long due, byte[] bytes) {}

    private DelayedProcess() {}

    /** Takes the milliseconds each way, and the command. */
    public static void main(String[] arguments) throws Exception {
        long nanos = Long.parseLong(arguments[0]) * 1_000_000;
        Process process = new ProcessBuilder(List.of(arguments).subList(1, arguments.length))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        relay(System.in, process.getOutputStream(), nanos);
        Thread back = relay(process.getInputStream(), System.out, nanos);
        int code = process.waitFor();
        back.join();
        System.exit(code);
    }

    private static Thread relay(InputStream in, OutputStream out, long nanos) {
        var line = new LinkedBlockingQueue<Chunk>();
        start(() -> read(in, line, nanos));
        return start(() -> write(line, out));
    }

    private static void read(InputStream in, BlockingQueue<Chunk> line, long nanos) {
        byte[] bytes = new byte[64 * 1024];
        try (in) {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                line.add(new Chunk(System.nanoTime() + nanos, Arrays.copyOf(bytes, count)));
            }
        } catch (IOException e) {
            // The other side went away: the same as its end.
        }
        line.add(END);
    }

    private static void write(BlockingQueue<Chunk> line, OutputStream out) {
        try (out) {
            for (Chunk next = line.take(); next != END; next = line.take()) {
                for (long left = next.due - System.nanoTime(); left > 0; left = next.due - System.nanoTime()) {
                    Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
                }
                out.write(next.bytes);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // As above.
        }
    }

    private static Thread start(Runnable work) {
        var thread = new Thread(work, "delay");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
