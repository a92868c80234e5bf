package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.delivery.Health.State;
import io.jenkins.plugins.lockstep.delivery.StatusResult.Pod;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final List<Pod> PODS = List.of(
            new Pod("cart-1", "Running", true, "10.0.0.1", null),
            new Pod("cart-2", "Running", false, null, "CrashLoopBackOff: back-off 10s"));

    @Test
    void itIsReadyWhereEveryWantedPodIs() {
        Health health = Health.of(List.of(deployment(2, 2), daemonSet(1, 1)), false, PODS);

        assertThat(health).isEqualTo(new Health(State.READY, 3, 3, null));
        assertThat(health.words()).isEqualTo("ready 3/3");
    }

    @Test
    void itIsDegradedWhereSomeAreAndSaysWhatOneOfTheOthersSays() {
        assertThat(Health.of(List.of(deployment(3, 2)), false, PODS))
                .isEqualTo(new Health(State.DEGRADED, 2, 3, "pod cart-2: CrashLoopBackOff: back-off 10s"));
    }

    @Test
    void itIsFailingWhereAWorkloadHasNoneOrIsGone() {
        assertThat(Health.of(List.of(deployment(3, 3), daemonSet(1, 0)), false, PODS)
                        .state())
                .isEqualTo(State.FAILING);
        assertThat(Health.of(List.of(), true, List.of()).words()).isEqualTo("failing 0/0");
    }

    @Test
    void aWorkloadThatWantsNoPodIsNotFailing() {
        assertThat(Health.of(List.of(deployment(0, 0)), false, List.of()).state())
                .isEqualTo(State.READY);
    }

    private static LiveObject deployment(int wanted, int ready) {
        return live("Deployment", Map.of("spec", Map.of("replicas", wanted), "status", Map.of("readyReplicas", ready)));
    }

    private static LiveObject daemonSet(int wanted, int ready) {
        return live("DaemonSet", Map.of("status", Map.of("desiredNumberScheduled", wanted, "numberReady", ready)));
    }

    private static LiveObject live(String kind, Map<String, Object> tree) {
        return new LiveObject("apps/v1", new ResourceKey("apps", kind, "shop", "cart"), tree);
    }
}
