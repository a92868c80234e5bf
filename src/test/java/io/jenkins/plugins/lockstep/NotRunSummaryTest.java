package io.jenkins.plugins.lockstep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class NotRunSummaryTest {

    @Test
    void aSkippedClassCountsAllItsTestsUnderItsReason() {
        assertThat(summaryOf(SkippedClass.class))
                .isEqualTo("NOT RUN: 2 TESTS: NEED A CLUSTER (testbed run)\nNOT RUN:   2 of "
                        + SkippedClass.class.getName() + "\n");
    }

    @Test
    void aTestThatAssumedInVainDidNotRun() {
        assertThat(summaryOf(Aborted.class)).startsWith("NOT RUN: 1 TEST: ASSUMPTION FAILED: NO HG HERE\n");
    }

    @Test
    void nothingIsSaidWhereAllRan() {
        assertThat(summaryOf(AllRun.class)).isEmpty();
    }

    private static String summaryOf(Class<?> tests) {
        var printed = new ByteArrayOutputStream();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherConfig alone = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new NotRunSummary(new PrintStream(printed, true, StandardCharsets.UTF_8)))
                .build();
        LauncherFactory.create(alone).execute(request);
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** Not found by the build's own search for tests, as its name does not end in Test. */
    @Disabled("need a cluster (testbed run)")
    static class SkippedClass {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    static class Aborted {
        @Test
        void assumes() {
            Assumptions.abort("Assumption failed: no hg here");
        }
    }

    static class AllRun {
        @Test
        void runs() {}
    }
}
