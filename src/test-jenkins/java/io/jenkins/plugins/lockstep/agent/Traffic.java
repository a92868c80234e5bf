package io.jenkins.plugins.lockstep.agent;

import hudson.remoting.Channel;
import hudson.remoting.Command;
import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what crosses a channel, on the controller's side. Thread-safe. */
final class Traffic extends Channel.Listener {

    private final Map<String, Integer> asked = new TreeMap<>();
    private final Map<String, Long> jars = new TreeMap<>();
    private final List<String> names = new ArrayList<>();
    private int preloads;
    private long sent;
    private long received;

    /**
     * What has crossed so far.
     *
     * @param sent bytes to the agent
     * @param received bytes from the agent
     * @param preloads how many jars of classes were sent unasked
     * @param asked the agent's questions by what they ask for: each costs it a round trip
     * @param names what they name, each after the question
     * @param jars the sizes of the jars that went over whole, for the agent's cache, by name
     */
    record Count(
            long sent,
            long received,
            int preloads,
            Map<String, Integer> asked,
            List<String> names,
            Map<String, Long> jars)
            implements Serializable {

        /** Returns how often the agent waited for code: classes, resources, and jars. */
        int roundTrips() {
            return asked.values().stream().mapToInt(Integer::intValue).sum();
        }

        int asked(String what) {
            return asked.getOrDefault(what, 0);
        }

        long jarBytes() {
            return jars.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Remoting says what is called, and not with what. */
    private static String argument(Command request) {
        try {
            Field arguments = request.getClass().getDeclaredField("arguments");
            arguments.setAccessible(true);
            return String.valueOf(((Object[]) arguments.get(request))[0]);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until nothing has crossed for a second: jars come long after they were asked for. */
    void awaitQuiet() throws InterruptedException {
        for (long before = -1; before != bytes(); ) {
            before = bytes();
            Thread.sleep(1000);
        }
    }

    private synchronized long bytes() {
        return sent + received;
    }

    synchronized Count count() {
        return new Count(sent, received, preloads, new TreeMap<>(asked), new ArrayList<>(names), new TreeMap<>(jars));
    }

    synchronized void forget() {
        sent = 0;
        received = 0;
        preloads = 0;
        asked.clear();
        names.clear();
        jars.clear();
    }

    @Override
    public synchronized void onWrite(Channel channel, Command command, long size) {
        sent += size;
        if (command.toString().contains("PreloadJarTask")) {
            preloads++;
        }
    }

    @Override
    public synchronized void onRead(Channel channel, Command command, long size) {
        received += size;
        // Requests tell what they call, for instance
        // RPCRequest:hudson.remoting.RemoteClassLoader$IClassLoader.fetch3[…](7)
        String text = command.toString();
        if (text.contains("RPCRequest") && (text.contains("IClassLoader.") || text.contains("JarLoader."))) {
            String call = text.substring(0, text.indexOf('['));
            String method = call.substring(call.lastIndexOf('.') + 1);
            asked.merge(method, 1, Integer::sum);
            if (method.startsWith("fetch") || method.startsWith("getResource")) {
                names.add(method + " " + argument(command));
            }
        }
    }

    @Override
    public synchronized void onJar(Channel channel, File jar) {
        jars.put(jar.getName(), jar.length());
    }
}
