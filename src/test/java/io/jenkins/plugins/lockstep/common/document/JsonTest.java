package io.jenkins.plugins.lockstep.common.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void theCanonicalFormSortsKeysAndWritesEqualNumbersTheSame() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("b", Arrays.asList(1, 1L, 1.0, 100, 1.5, new BigInteger("7"), null, "<é>"));
        tree.put("a", Map.of("z", true, "y", "x"));

        assertThat(Json.canonical(tree))
                .isEqualTo("{\"a\":{\"y\":\"x\",\"z\":true},\"b\":[1,1,1,100,1.5,7,null,\"<é>\"]}");
    }

    @Test
    void damagedJsonIsToldByItsPlaceAndNotByTheLibrary() {
        assertThatThrownBy(() -> Json.read("{\n  garbage"))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.why())
                        .startsWith("see line 2 column ")
                        .doesNotContain("gson"));
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        var tree = Map.of("a", List.of(1, 2.5, "x", true, Map.of()), "n", 9007199254740993L);

        assertThat(Json.read(Json.write(tree))).isEqualTo(tree);
        assertThat(Json.read(Json.writePretty(tree))).isEqualTo(tree);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: 1}", "{'a': 1}", "[1", "{\"a\":1,}", "{} {}", "nul"})
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(DeliveryException.class);
    }
}
