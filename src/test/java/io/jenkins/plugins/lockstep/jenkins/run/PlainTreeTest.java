package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlainTreeTest {

    @Test
    void mapsAndListsBecomeTheOnesThatAControllerLetsIn() {
        var tree = new TreeMap<String, Object>(Map.of("a", List.of(Map.of("b", 1L)), "c", 2, "d", true, "e", "text"));

        Map<String, Object> copy = PlainTree.copy(tree);

        assertThat(copy).isExactlyInstanceOf(LinkedHashMap.class).isEqualTo(tree);
        assertThat(copy.get("a")).isExactlyInstanceOf(ArrayList.class);
        assertThat(((List<?>) copy.get("a")).get(0)).isExactlyInstanceOf(LinkedHashMap.class);
    }

    @Test
    void whatIsNullStaysNull() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("restored", null);

        assertThat(PlainTree.copy(tree)).containsEntry("restored", null);
    }

    @Test
    void secondsAreWholeAndOtherFractionsAreTexts() {
        assertThat(PlainTree.copy(Map.of("seconds", 2.6))).isEqualTo(Map.of("seconds", 3L));
        assertThat(PlainTree.copy(Map.of("from", 0.5))).isEqualTo(Map.of("from", "0.5"));
        assertThat(PlainTree.copy(Map.of("from", new BigDecimal("1e3")))).isEqualTo(Map.of("from", "1E+3"));
    }

    @Test
    void anythingElseIsADefect() {
        assertThatThrownBy(() -> PlainTree.copy(Map.of("at", Instant.EPOCH)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Instant");
    }
}
