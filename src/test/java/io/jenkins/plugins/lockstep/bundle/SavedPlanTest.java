package io.jenkins.plugins.lockstep.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavedPlanTest {

    private static final FieldChange IMAGE = new FieldChange("spec.image", "one", "two");

    @Test
    void thePlanThatIsMadeAgainAndIsTheSameHolds() {
        assertThat(moved(List.of(configure(IMAGE)), List.of(configure(IMAGE)))).isEmpty();
    }

    @Test
    void aFieldThatThePlanChangesAndThatMovedIsNamedWithBothValues() {
        assertThat(moved(List.of(configure(IMAGE)), List.of(configure(new FieldChange("spec.image", "other", "two")))))
                .containsExactly("deployment/cart: spec.image was one and is other");
        // Somebody did by hand what the plan would do.
        assertThat(moved(List.of(configure(IMAGE)), List.of(configure())))
                .containsExactly("deployment/cart: spec.image was one and is two");
    }

    @Test
    void aFieldThatOnlyLockstepHadSetIsNamedToo() {
        assertThat(moved(
                        List.of(configure(IMAGE)),
                        List.of(configure(IMAGE, new FieldChange("spec.paused", true, false)))))
                .containsExactly("deployment/cart: spec.paused was false and is true");
        assertThat(moved(
                        List.of(new PlannedChange(Operation.KEEP, Bundles.CART, List.of())),
                        List.of(configure(new FieldChange("spec.args", null, List.of("a"))))))
                .containsExactly("deployment/cart: spec.args was [\"a\"] and is absent");
    }

    @Test
    void whatTheServerWouldMakeOfItNowCountsToo() {
        assertThat(moved(List.of(configure(IMAGE)), List.of(configure(new FieldChange("spec.image", "one", "three")))))
                .containsExactly("deployment/cart: spec.image would become three, not two");
    }

    @Test
    void objectsThatCameOrWentAreNamed() {
        var create = new PlannedChange(Operation.CREATE, Bundles.CART, List.of());
        var prune = new PlannedChange(Operation.PRUNE, Bundles.PASSWORD, List.of());

        assertThat(moved(List.of(create), List.of(configure(IMAGE)))).contains("deployment/cart is there now");
        assertThat(moved(List.of(configure(IMAGE)), List.of(create))).containsExactly("deployment/cart is gone");
        assertThat(moved(List.of(prune), List.of())).containsExactly("secret/password would no longer be pruned");
        assertThat(moved(List.of(), List.of(prune))).containsExactly("secret/password would be pruned now");
    }

    @Test
    void anObjectThatSomebodyElseAppliedWithoutChangingAFieldIsNamed() {
        assertThat(moved(List.of(new PlannedChange(Operation.KEEP, Bundles.CART, List.of())), List.of(configure())))
                .containsExactly("deployment/cart: someone else has applied it since");
    }

    @Test
    void onePlaceIsToldFromAnotherByTheNamespacesUid() {
        SavedPlan plan = plan("https://a", "uid", List.of());

        assertThat(plan.isFor("https://b", "uid")).isTrue();
        assertThat(plan.isFor("https://a", "other")).isFalse();
        assertThat(plan.isFor("https://a", null)).isTrue();
        assertThat(plan.isFor("https://b", null)).isFalse();
    }

    private static List<String> moved(List<PlannedChange> planned, List<PlannedChange> now) {
        return plan("https://a", null, planned).moved(now);
    }

    private static SavedPlan plan(String location, String uid, List<PlannedChange> changes) {
        return new SavedPlan(location, uid, 1, false, false, SecretMask.random(), changes);
    }

    private static PlannedChange configure(FieldChange... fields) {
        return new PlannedChange(Operation.CONFIGURE, Bundles.CART, List.of(fields));
    }
}
