package io.jenkins.plugins.lockstep.common.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {

    private static final List<String> KNOWN = List.of("staging", "production", "test");

    @Test
    void aSlipOfTheFingersFindsItsWord() {
        assertThat(NearestWord.of("stagign", KNOWN)).contains("staging");
        assertThat(NearestWord.of("Production", KNOWN)).contains("production");
        assertThat(NearestWord.hint("tset", KNOWN)).isEqualTo("did you mean 'test'?");
    }

    @Test
    void somethingElseIsAnsweredWithWhatThereIs() {
        assertThat(NearestWord.of("elsewhere", KNOWN)).isEmpty();
        assertThat(NearestWord.hint("elsewhere", KNOWN)).isEqualTo("known here: staging, production, test");
        assertThat(NearestWord.of("x".repeat(1_000_000), KNOWN)).isEmpty();
    }

    @Test
    void whereThereIsNothingNothingIsNear() {
        assertThat(NearestWord.of("test", List.of())).isEmpty();
    }
}
