package io.jenkins.plugins.lockstep.bench;

import java.util.List;
import java.util.stream.Collectors;

/** Runs the benchmarks that are named on the command line, or all of them. */
public final class Bench {

    private static final List<Topic> TOPICS =
            List.of(new BuildTopic(), new ApplyTopic(), new VerdictTopic(), new StartTopic(), new ScaleTopic());

    private Bench() {}

    /** Ends with exit code 2 where a name is unknown, and with a stack trace where a benchmark fails. */
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            if (TOPICS.stream().noneMatch(topic -> topic.name().equals(name))) {
                System.err.println("bench: there is no benchmark '" + name + "'; there are "
                        + TOPICS.stream().map(Topic::name).collect(Collectors.joining(", ")));
                System.exit(2);
            }
        }
        var report = new Report(System.out);
        for (Topic topic : TOPICS) {
            if (names.length == 0 || List.of(names).contains(topic.name())) {
                topic.measure(report);
            }
        }
        // Clients' threads may still be there.
        System.exit(0);
    }
}
