package io.jenkins.plugins.lockstep.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A series of measurements of the same thing: its median, and how far the others are from it. */
record Spread(double low, double median, double high) {

    static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /** Returns the ratios of what was measured in the same round. */
    static Spread ofRatios(List<Double> dividends, List<Double> divisors) {
        return of(IntStream.range(0, dividends.size())
                .mapToObj(round -> dividends.get(round) / divisors.get(round))
                .toList());
    }

    /** Returns {@code MEDIAN (LOW–HIGH)}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median, low, high);
    }
}
