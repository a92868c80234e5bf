package io.jenkins.plugins.lockstep;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a {@link ClusterTest} where the test bed, or the part of it that the test needs, is not there. */
final class ClusterTestCondition implements ExecutionCondition {

    static final String NO_CLUSTER = "need a cluster (src/testbed/testbed run -- ./mvnw verify runs them)";
    static final String NO_PODS = "need a cluster that runs pods (" + TestBed.NODE + " is not true)";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), ClusterTest.class)
                .map(ClusterTestCondition::evaluate)
                .orElseGet(() -> ConditionEvaluationResult.enabled("needs no cluster"));
    }

    private static ConditionEvaluationResult evaluate(ClusterTest test) {
        boolean kubernetesMissing =
                test.kubernetes() && TestBed.value(TestBed.KUBECONFIG).isEmpty();
        if (kubernetesMissing || TestBed.value(TestBed.REGISTRY).isEmpty()) {
            return ConditionEvaluationResult.disabled(NO_CLUSTER);
        }
        if (test.pods() && !TestBed.runsPods()) {
            return ConditionEvaluationResult.disabled(NO_PODS);
        }
        return ConditionEvaluationResult.enabled("the test bed is there");
    }
}
