package io.jenkins.plugins.lockstep.common.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {

    @Test
    void everyNodeKnowsItsLine() {
        Document document = only("a: 1\nb:\n  - x\n  - c: 2\n    d.e/f: 3\n");

        assertThat(document.line("a")).isEqualTo(1);
        assertThat(document.line("b[1].c")).isEqualTo(4);
        assertThat(document.line("b[1].d.e/f")).isEqualTo(5);
    }

    @Test
    void aPathThatIsNotThereHasTheLineOfItsNearestAncestor() {
        Document document = only("a: 1\nb:\n  c: 2\n");

        assertThat(document.line("b.missing[3].deeper")).isEqualTo(2);
        assertThat(document.place("missing")).isEqualTo("test.yaml:1");
    }

    @Test
    void documentsAreNumberedAndOnlyTheFirstGoesWithoutItsNumber() {
        List<Document> documents = read("---\na: 1\n---\n---\nb: 2\n");

        assertThat(documents).extracting(Document::number).containsExactly(1, 2, 3);
        assertThat(documents.get(0).place("a")).isEqualTo("test.yaml:2");
        assertThat(documents.get(1).tree()).isNull();
        assertThat(documents.get(2).place("b")).isEqualTo("test.yaml:5 (document 3)");
    }

    @Test
    void anEmptyFileHasNoDocument() {
        assertThat(read("")).isEmpty();
        assertThat(read("# nothing\n")).isEmpty();
    }

    @Test
    void scalarsAreReadAsKubernetesReadsThem() {
        assertThat(only("[012, 0x1f, 1_000, 1.5, 1e3, 12:30, 12:30:45.5, 2026-01-02, yes, off, ~, 'yes', \"1\", 1m]")
                        .tree())
                .isEqualTo(Arrays.asList(
                        10,
                        31,
                        1000,
                        1.5,
                        1000.0,
                        "12:30",
                        "12:30:45.5",
                        "2026-01-02",
                        true,
                        false,
                        null,
                        "yes",
                        "1",
                        "1m"));
        assertThat(only("[9007199254740993, 18446744073709551616]").tree())
                .isEqualTo(List.of(9007199254740993L, new BigInteger("18446744073709551616")));
    }

    @Test
    void anchorsAndMergesAreFollowedAndTheOwnKeyWins() {
        assertThat(only("base: &b {x: 1, y: 2}\nmore: {<<: *b, y: 3}\nsame: *b\n")
                        .tree())
                .isEqualTo(Map.of(
                        "base",
                        Map.of("x", 1, "y", 2),
                        "more",
                        Map.of("x", 1, "y", 3),
                        "same",
                        Map.of("x", 1, "y", 2)));
    }

    @Test
    void jsonIndentedWithTabsIsRead() {
        String json = "{\n\t\"a\": [\t1, \"\\u00e9\\/\\ud83d\\ude00\"]\n}\n";

        assertThat(new DocumentReader()
                        .read("x.json", json.getBytes(UTF_8))
                        .get(0)
                        .tree())
                .isEqualTo(Map.of("a", List.of(1, "é/😀")));
    }

    @Test
    void windowsLineEndsAndAByteOrderMarkAreNoTrouble() {
        Document document = only("\uFEFFa: 1\r\nb:\r\n  c: 2\r\n");

        assertThat(document.tree()).isEqualTo(Map.of("a", 1, "b", Map.of("c", 2)));
        assertThat(document.line("b.c")).isEqualTo(3);
    }

    @Test
    void aKeyThatStandsTwiceIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read("a: 1\nb: 2\na: 3\n"))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("test.yaml:3")
                .hasMessageContaining("'a' stands here twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [1",
                "a:\n\t- 1",
                "a: !ruby/object {}",
                "a: !!java.lang.Runtime {}",
                "a: &x [*x]",
                "&x *x : 1",
                "a: *nowhere",
                "? [a, b] : c",
                "a: .nan",
                "a: -.inf",
                "a: \u0001",
                "<<: 1",
                "a: !!int x",
                "a: !!float ''",
                "a: !!bool x",
                "%YAML 9.9\n---\na: 1",
            })
    void whatIsNoYamlForKubernetesIsTheUsersMistake(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("test.yaml");
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> read("[".repeat(20_000))).isInstanceOf(DeliveryException.class);
    }

    @Test
    void aliasesThatExpandWithoutBoundAreRefused() {
        var bomb = new StringBuilder("a0: &a0 [1, 2, 3, 4, 5]\n");
        for (int level = 1; level < 12; level++) {
            String below = "*a" + (level - 1);
            bomb.append("a" + level + ": &a" + level + " [" + String.join(", ", below, below, below, below) + "]\n");
        }
        assertThatThrownBy(() -> read(bomb.toString())).isInstanceOf(DeliveryException.class);
    }

    @Test
    void otherEncodingsAreRefusedWithAdvice() {
        assertThatThrownBy(() -> new DocumentReader().read("latin.yaml", "a: é".getBytes(ISO_8859_1)))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.hint()).contains("UTF-8"));
    }

    private static Document only(String text) {
        return read(text).get(0);
    }

    private static List<Document> read(String text) {
        return new DocumentReader().read("test.yaml", text.getBytes(UTF_8));
    }
}
