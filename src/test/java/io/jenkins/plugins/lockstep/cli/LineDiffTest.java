package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    @Test
    void linesThatDifferAreShownWithTwoAround() {
        List<String> from =
                IntStream.rangeClosed(1, 20).mapToObj(i -> "line " + i).toList();
        var to = new ArrayList<>(from);
        to.set(4, "another");
        to.remove(15);

        assertThat(LineDiff.between(from, to))
                .containsExactly(
                        "@@ line 5 @@",
                        "  line 3",
                        "  line 4",
                        "- line 5",
                        "+ another",
                        "  line 6",
                        "  line 7",
                        "@@ line 16 @@",
                        "  line 14",
                        "  line 15",
                        "- line 16",
                        "  line 17",
                        "  line 18");
    }

    @Test
    void nothingAndEverything() {
        assertThat(LineDiff.between(List.of("a"), List.of("a"))).isEmpty();
        assertThat(LineDiff.between(List.of(), List.of("a", "b"))).containsExactly("@@ line 1 @@", "+ a", "+ b");
        assertThat(LineDiff.between(List.of("a"), List.of())).containsExactly("@@ line 1 @@", "- a");
    }

    @Test
    void textsTooLargeToCompareAreReplacedAsAWhole() {
        List<String> from = IntStream.range(0, 2500).mapToObj(i -> "old " + i).toList();
        List<String> to = IntStream.range(0, 2500).mapToObj(i -> "new " + i).toList();

        assertThat(LineDiff.between(from, to)).hasSize(5001).contains("- old 2499", "+ new 0");
    }

    /** What is removed and what is kept is the first text, what is added and what is kept is the second. */
    @Test
    void theDiffLeadsFromOneTextToTheOther() {
        var random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<String> from = random.ints(random.nextInt(12), 0, 4)
                    .mapToObj(String::valueOf)
                    .toList();
            List<String> to = random.ints(random.nextInt(12), 0, 4)
                    .mapToObj(String::valueOf)
                    .toList();
            List<String> diff = LineDiff.between(from, to);

            long removed = diff.stream().filter(line -> line.startsWith("- ")).count();
            long added = diff.stream().filter(line -> line.startsWith("+ ")).count();
            assertThat(from.size() - removed + added).isEqualTo(to.size());
            assertThat(added == 0 && removed == 0).isEqualTo(from.equals(to));
            if (from.size() <= 4
                    && to.size() <= 4
                    && !diff.isEmpty()
                    && diff.stream().filter(line -> line.startsWith("@@")).count() == 1) {
                assertThat(side(diff, "- ")).isSubsetOf(from);
                assertThat(side(diff, "+ ")).isSubsetOf(to);
            }
        }
    }

    private static List<String> side(List<String> diff, String sign) {
        return diff.stream()
                .filter(line -> line.startsWith(sign) || line.startsWith("  "))
                .map(line -> line.substring(2))
                .toList();
    }
}
