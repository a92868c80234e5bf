package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.remoting.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import jenkins.util.SystemProperties;

/**
 * Sends agents the classes that operations need there, all at once. Left to itself an agent asks for each of them as it
 * meets it, more than a thousand times, and fetches every jar that one of them is in besides; see
 * {@code docs/decisions/0027-code-for-agents.md}. What is not sent it still asks for: sending is a matter of time alone.
 *
 * <p>Thread-safe.
 */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class AgentCode {

    /** Turns it off: for agents behind a slow line that keep the cache of their jars. */
    private static final String OFF = AgentCode.class.getName() + ".off";

    private static final ClassLoader OURS = AgentCode.class.getClassLoader();
    private static final Logger LOGGER = Logger.getLogger(AgentCode.class.getName());

    private final Map<AgentClasses, Path> jars = new EnumMap<>(AgentClasses.class);
    private final Map<Channel, Map<AgentClasses, FutureTask<Boolean>>> sent = new WeakHashMap<>();

    static AgentCode get() {
        return ExtensionList.lookupSingleton(AgentCode.class);
    }

    /**
     * Sends classes to an agent that has not been sent them since it connected, and waits until they are there; also where
     * another build sends them. Where that can't be done, the agent asks for each.
     */
    void send(Set<AgentClasses> classes, Channel agent) throws InterruptedException {
        if (SystemProperties.getBoolean(OFF)) {
            return;
        }
        for (AgentClasses each : classes) {
            FutureTask<Boolean> transfer = transfer(each, agent);
            // Returns at once where another thread has begun it.
            transfer.run();
            await(transfer, agent);
        }
    }

    private FutureTask<Boolean> transfer(AgentClasses classes, Channel agent) {
        synchronized (sent) {
            return sent.computeIfAbsent(agent, added -> new EnumMap<>(AgentClasses.class))
                    .computeIfAbsent(classes, added -> new FutureTask<>(() -> preload(classes, agent)));
        }
    }

    private boolean preload(AgentClasses classes, Channel agent) throws IOException, InterruptedException {
        try {
            return agent.preloadJar(OURS, jar(classes).toUri().toURL());
        } catch (InterruptedException stopped) {
            // Of all who wait for it only this thread was stopped.
            Thread.currentThread().interrupt();
            throw stopped;
        }
    }

    private void await(FutureTask<Boolean> transfer, Channel agent) throws InterruptedException {
        try {
            transfer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException stopped) {
                forget(transfer, agent);
                if (Thread.interrupted()) {
                    throw stopped;
                }
            }
            // Any other failure would be the same the next time: it is not tried again on this connection.
            LOGGER.log(Level.FINE, e, () -> agent.getName() + " was not sent its classes, and asks for each");
        }
    }

    private void forget(FutureTask<Boolean> transfer, Channel agent) {
        synchronized (sent) {
            Map<AgentClasses, FutureTask<Boolean>> transfers = sent.get(agent);
            if (transfers != null) {
                transfers.values().remove(transfer);
            }
        }
    }

    /** Makes the jar once in the life of this controller, for only then can the classes change. */
    private Path jar(AgentClasses classes) throws IOException {
        synchronized (jars) {
            Path made = jars.get(classes);
            if (made == null || !Files.exists(made)) {
                made = classes.writeTo(
                        Jenkins.get().getRootDir().toPath().resolve("caches").resolve("lockstep-agent"), OURS);
                jars.put(classes, made);
            }
            return made;
        }
    }
}
