package io.jenkins.plugins.lockstep.cli;

import java.util.ArrayList;
import java.util.List;

/** The lines that differ between two texts, as {@code diff -U2} shows them. */
final class LineDiff {

    private static final int CONTEXT = 2;

    /** Beyond that many pairs of lines the texts count as wholly different: the table would be too large. */
    private static final long MOST_PAIRS = 4_000_000;

    private final List<String> from;
    private final List<String> to;
    private final List<String> out = new ArrayList<>();

    /** Edits in order: each with the line numbers, from 0, that it stands at in both texts. */
    private final List<Edit> edits = new ArrayList<>();

    private record Edit(char sign, int from, int to) {}

    private LineDiff(List<String> from, List<String> to) {
        this.from = from;
        this.to = to;
    }

    /** Returns lines that begin with a blank, {@code -} or {@code +}, and before each part its place in both texts. */
    static List<String> between(List<String> from, List<String> to) {
        var diff = new LineDiff(from, to);
        diff.compare();
        diff.show();
        return List.copyOf(diff.out);
    }

    private void compare() {
        int start = 0;
        while (start < from.size() && start < to.size() && from.get(start).equals(to.get(start))) {
            start++;
        }
        int fromEnd = from.size();
        int toEnd = to.size();
        while (fromEnd > start && toEnd > start && from.get(fromEnd - 1).equals(to.get(toEnd - 1))) {
            fromEnd--;
            toEnd--;
        }
        long pairs = (long) (fromEnd - start) * (toEnd - start);
        if (pairs > MOST_PAIRS) {
            replace(start, fromEnd, toEnd);
        } else {
            walk(start, fromEnd, toEnd);
        }
    }

    private void replace(int start, int fromEnd, int toEnd) {
        for (int i = start; i < fromEnd; i++) {
            edits.add(new Edit('-', i, start));
        }
        for (int i = start; i < toEnd; i++) {
            edits.add(new Edit('+', fromEnd, i));
        }
    }

    /** Follows the longest common subsequence. */
    private void walk(int start, int fromEnd, int toEnd) {
        int rows = fromEnd - start;
        int columns = toEnd - start;
        var length = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                length[i][j] = from.get(start + i).equals(to.get(start + j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (i < rows && j < columns && from.get(start + i).equals(to.get(start + j))) {
                i++;
                j++;
            } else if (j == columns || (i < rows && length[i + 1][j] >= length[i][j + 1])) {
                edits.add(new Edit('-', start + i++, start + j));
            } else {
                edits.add(new Edit('+', start + i, start + j++));
            }
        }
    }

    private void show() {
        int next = 0;
        while (next < edits.size()) {
            int last = next;
            while (last + 1 < edits.size() && gap(edits.get(last), edits.get(last + 1)) <= 2 * CONTEXT) {
                last++;
            }
            part(edits.subList(next, last + 1));
            next = last + 1;
        }
    }

    /** How many equal lines stand between two edits. */
    private static int gap(Edit one, Edit other) {
        return other.from() - one.from() - (one.sign() == '-' ? 1 : 0);
    }

    private void part(List<Edit> some) {
        Edit first = some.get(0);
        int line = Math.max(0, first.from() - CONTEXT);
        out.add("@@ line " + (first.to() + 1) + " @@");
        for (Edit edit : some) {
            for (; line < edit.from(); line++) {
                out.add("  " + from.get(line));
            }
            if (edit.sign() == '-') {
                out.add("- " + from.get(edit.from()));
                line++;
            } else {
                out.add("+ " + to.get(edit.to()));
            }
        }
        for (int end = Math.min(from.size(), line + CONTEXT); line < end; line++) {
            out.add("  " + from.get(line));
        }
    }
}
