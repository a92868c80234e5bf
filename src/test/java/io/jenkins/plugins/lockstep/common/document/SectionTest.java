package io.jenkins.plugins.lockstep.common.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SectionTest {

    private final Section section = read(
            """
            name: cart
            count: 3
            wrong: 8080
            on: true
            empty:
            words: [a, b]
            env: { A: x, B: y }
            parts:
              - { from: a }
              - from: b
            """);

    @Test
    void valuesComeWithTheTypeThatWasAskedFor() {
        assertThat(section.string("name")).isEqualTo("cart");
        assertThat(section.integer("count", 0, 9)).isEqualTo(3);
        assertThat(section.flag("on", false)).isTrue();
        assertThat(section.strings("words")).containsExactly("a", "b");
        assertThat(section.texts("env")).containsEntry("A", "x").containsEntry("B", "y");
        assertThat(section.sections("parts")).hasSize(2);
    }

    @Test
    void aKeyWithoutAValueIsAbsent() {
        assertThat(section.has("empty")).isFalse();
        assertThat(section.string("empty")).isNull();
        assertThat(section.section("empty")).isNull();
        assertThat(section.strings("empty")).isEmpty();
        assertThat(section.flag("empty", true)).isTrue();
    }

    @Test
    void aNumberWhereATextBelongsIsAnsweredWithQuotes() {
        assertThatThrownBy(() -> section.string("wrong")).isInstanceOfSatisfying(DeliveryException.class, e -> {
            assertThat(e).hasMessage("test.yaml:3: 'wrong' must be a text, but is the number 8080");
            assertThat(e.hint()).isEqualTo("write it in quotes, just as it is to be read");
        });
    }

    @Test
    void anUnknownKeyIsAnsweredWithTheNearestOne() {
        assertThatThrownBy(() -> section.sections("parts").get(1).rejectUnknown(List.of("form", "to")))
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e).hasMessage("test.yaml:10: the key 'from' is not known in 'parts[1]'");
                    assertThat(e.hint()).isEqualTo("did you mean 'form'?");
                });
    }

    @Test
    void numbersStayInTheirRange() {
        assertThatThrownBy(() -> section.integer("count", 4, 9))
                .hasMessage("test.yaml:2: 'count' must be from 4 to 9, but is 3");
    }

    @Test
    void mistakesInsideNestedValuesNameTheirPath() {
        assertThatThrownBy(
                        () -> read("a:\n  b:\n    - x\n    - 2\n").section("a").strings("b"))
                .hasMessage("test.yaml:4: 'a.b[1]' must be a text, but is the number 2");
        assertThatThrownBy(() -> read("a: [1]\n").section("a"))
                .hasMessage("test.yaml:1: 'a' must be keys with values, but is a list");
    }

    @Test
    void aDocumentThatIsNoMappingIsRefused() {
        assertThatThrownBy(() -> read("- a\n")).hasMessageContaining("found a list");
        assertThatThrownBy(() -> read("~\n")).hasMessageContaining("found nothing");
    }

    private static Section read(String text) {
        return Section.of(
                new DocumentReader().read("test.yaml", text.getBytes(UTF_8)).get(0));
    }
}
