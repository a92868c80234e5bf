package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * What the controller hears of one operation, of its end too: remoting lets go of a call to an agent as soon as it is
 * interrupted, while the agent still writes down that the release was.
 */
final class AwaitedWatch implements ReleaseWatch {

    /** How long a stopped operation may take to say so in the ledger; a cluster that does not answer takes longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final IntConsumer begun;
    private final CountDownLatch ended = new CountDownLatch(1);

    AwaitedWatch(IntConsumer begun) {
        this.begun = begun;
    }

    @Override
    public void began(int number) {
        begun.accept(number);
    }

    @Override
    public void ended() {
        ended.countDown();
    }

    /** Something in a workspace that tells how far it is. */
    @FunctionalInterface
    interface Call<T> {

        T with(ReleaseWatch crossing) throws IOException, InterruptedException;
    }

    /** Makes a call with what crosses to the workspace's machine; comes back from an interruption once the call has ended. */
    <T> T over(FilePath workspace, Call<T> call) throws IOException, InterruptedException {
        VirtualChannel channel = workspace.getChannel();
        try {
            return call.with(channel == null ? this : channel.export(ReleaseWatch.class, this));
        } catch (InterruptedException stopped) {
            ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            throw stopped;
        }
    }
}
