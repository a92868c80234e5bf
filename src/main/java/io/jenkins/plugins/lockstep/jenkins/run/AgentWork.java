package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.FilePath;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.ChannelClosedException;
import hudson.remoting.RequestAbortedException;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jenkins.MasterToSlaveFileCallable;
import org.jspecify.annotations.Nullable;

/**
 * Something for the engine on the machine that has the workspace. The engine is made there; what goes there is configured
 * text and the logins that it needs, in memory alone.
 *
 * @param <T> of the few classes that a controller lets in
 */
abstract class AgentWork<T> extends MasterToSlaveFileCallable<T> {

    private static final long serialVersionUID = 1L;

    private final RunContext context;
    private final LinkedHashMap<String, RegistryLogin> logins;
    private final TaskListener listener;

    /** @param logins by registry */
    AgentWork(RunContext context, Map<String, RegistryLogin> logins, TaskListener listener) {
        this.context = context;
        this.logins = new LinkedHashMap<>(logins);
        this.listener = listener;
    }

    /**
     * Does it where {@code workspace} is and waits for its result.
     *
     * @throws hudson.AbortException with what, where, why and a hint
     * @throws InterruptedException where the build was stopped; the work is told
     * @throws ChannelClosedException where the connection to the agent broke: what {@code retry(conditions: [agent()])} and
     *     others understand
     * @throws IOException for a defect, with its stack trace
     */
    final T in(FilePath workspace) throws IOException, InterruptedException {
        if (workspace.getChannel() instanceof Channel agent) {
            AgentCode.get().send(classes(), agent);
        }
        try {
            return workspace.act(this);
        } catch (RequestAbortedException broken) {
            throw new ChannelClosedException(
                    workspace.getChannel() instanceof Channel channel ? channel : null,
                    "the connection to the agent broke while Lockstep worked there",
                    broken);
        }
    }

    @Override
    @SuppressWarnings("try")
    public final T invoke(File workspace, @Nullable VirtualChannel channel) throws IOException, InterruptedException {
        try (var connection = new Connection(channel)) {
            var progress = new BuildLogProgress(listener);
            var factory = new DeliveryFactory(
                            context.variables(),
                            registry -> Optional.ofNullable(logins.get(registry)),
                            Set.of(),
                            Clock.systemUTC())
                    .staying();
            return work(factory.delivery(progress), workspace.toPath(), context, progress);
        } catch (DeliveryException failure) {
            throw StepFailures.translate(failure);
        } catch (RuntimeException mistake) {
            throw StepFailures.defect(mistake, listener);
        } finally {
            if (channel instanceof Channel && listener instanceof Closeable buffered) {
                // A Pipeline's log comes over in pieces, seconds later: what follows must not come before it.
                buffered.close();
            }
        }
    }

    /** Returns what the work needs where it is done. */
    abstract Set<AgentClasses> classes();

    abstract T work(Delivery delivery, Path workspace, RunContext builds, Progress progress)
            throws IOException, InterruptedException;

    /**
     * The connection to the controller. Where it breaks, nobody waits for the work any more: its thread is interrupted, so
     * that the ledger says that the release was.
     */
    private static final class Connection extends Channel.Listener implements AutoCloseable {

        private final @Nullable Channel channel;
        private @Nullable Thread worker = Thread.currentThread();

        Connection(@Nullable VirtualChannel channel) {
            this.channel = channel instanceof Channel remote ? remote : null;
            if (this.channel != null) {
                this.channel.addListener(this);
            }
        }

        @Override
        public synchronized void onClosed(Channel closed, @Nullable IOException cause) {
            if (worker != null) {
                worker.interrupt();
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                worker = null;
            }
            if (channel != null) {
                channel.removeListener(this);
            }
        }
    }
}
