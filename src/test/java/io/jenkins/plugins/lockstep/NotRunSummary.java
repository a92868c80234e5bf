package io.jenkins.plugins.lockstep;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says in capitals, after the last test, how many tests did not run and why: a skipped test must not look like a good one. */
public final class NotRunSummary implements TestExecutionListener {

    private final PrintStream out;
    private final Map<String, Map<String, Integer>> countByReasonAndClass = new TreeMap<>();
    private TestPlan plan;

    /** Made by JUnit's launcher, through {@code META-INF/services}. */
    public NotRunSummary() {
        this(System.out);
    }

    NotRunSummary(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
        countByReasonAndClass.clear();
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier skipped, String reason) {
        count(skipped, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier finished, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            count(finished, result.getThrowable().map(Throwable::getMessage).orElse("were aborted"));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan testPlan) {
        countByReasonAndClass.forEach((reason, countByClass) -> {
            int all = countByClass.values().stream().mapToInt(Integer::intValue).sum();
            out.println("NOT RUN: " + all + (all == 1 ? " TEST: " : " TESTS: ") + capitals(reason));
            countByClass.forEach((name, count) -> out.println("NOT RUN:   " + count + " of " + name));
        });
    }

    /** A skipped container stands for the tests in it; a test template has none yet and counts as one. */
    private void count(TestIdentifier skipped, String reason) {
        int tests = (int) Math.max(
                1,
                plan.getDescendants(skipped).stream()
                        .filter(descendant -> plan.getChildren(descendant).isEmpty())
                        .count());
        countByReasonAndClass
                .computeIfAbsent(reason, unseen -> new TreeMap<>())
                .merge(className(skipped), tests, Integer::sum);
    }

    private static String className(TestIdentifier identifier) {
        return identifier
                .getSource()
                .map(source -> source instanceof ClassSource type
                        ? type.getClassName()
                        : source instanceof MethodSource method ? method.getClassName() : null)
                .orElseGet(identifier::getDisplayName);
    }

    /** Environment variables and file names stay as they are typed. */
    private static String capitals(String reason) {
        int command = reason.indexOf('(');
        return command < 0
                ? reason.toUpperCase(Locale.ROOT)
                : reason.substring(0, command).toUpperCase(Locale.ROOT) + reason.substring(command);
    }
}
