package io.jenkins.plugins.lockstep.common.document;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a user may have meant. */
public final class NearestWord {

    /** Letters; whoever typed more did not mean a word. */
    private static final int LONGEST = 100;

    private NearestWord() {}

    /** Returns the known word that is at most a third of its letters away from {@code typed}, and shares some. */
    public static Optional<String> of(String typed, Collection<String> known) {
        if (typed.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .filter(word -> distance(typed, word) <= Math.max(1, word.length() / 3))
                .filter(word -> distance(typed, word) < word.length())
                .min(Comparator.<String>comparingInt(word -> distance(typed, word))
                        .thenComparing(word -> word));
    }

    /** Returns {@code did you mean 'x'?}, or the list of known words where none is near. */
    public static String hint(String typed, Collection<String> known) {
        return of(typed, known)
                .map(word -> "did you mean '" + word + "'?")
                .orElseGet(() -> "known here: " + String.join(", ", known));
    }

    /** Damerau-Levenshtein distance (restricted), ignoring case: a swap of neighbours counts as one. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
