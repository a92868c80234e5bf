package io.jenkins.plugins.lockstep.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Competitors that take turns: in each round each does its work once, so that whatever else the machine does meets all of
 * them. Who begins changes from round to round.
 */
final class Rounds {

    /** What is timed. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private record Competitor(String name, Work before, Work work) {}

    private final List<Competitor> competitors = new ArrayList<>();

    Rounds with(String name, Work work) {
        return with(name, () -> {}, work);
    }

    /**
     * Adds a competitor.
     *
     * @param before brings about what {@code work} needs, and is not timed
     */
    Rounds with(String name, Work before, Work work) {
        competitors.add(new Competitor(name, before, work));
        return this;
    }

    /**
     * Returns seconds by competitor, in the order of the rounds.
     *
     * @param warmUps rounds before, which are not counted
     */
    Map<String, List<Double>> seconds(int warmUps, int rounds) throws Exception {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        competitors.forEach(competitor -> seconds.put(competitor.name(), new ArrayList<>()));
        for (int round = 0; round < warmUps + rounds; round++) {
            List<Competitor> turns = new ArrayList<>(competitors);
            Collections.rotate(turns, round);
            for (Competitor competitor : turns) {
                competitor.before().run();
                long begin = System.nanoTime();
                competitor.work().run();
                double took = (System.nanoTime() - begin) / 1e9;
                if (round >= warmUps) {
                    seconds.get(competitor.name()).add(took);
                }
            }
        }
        return seconds;
    }
}
