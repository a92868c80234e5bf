package io.jenkins.plugins.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MercurialTestConditionTest {

    @TempDir
    Path directory;

    @Test
    void withoutHgTheReasonSaysHowToGetIt() {
        var result = MercurialTestCondition.evaluate(directory.toString());

        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason()).contains(MercurialTestCondition.NO_HG);
    }
}
