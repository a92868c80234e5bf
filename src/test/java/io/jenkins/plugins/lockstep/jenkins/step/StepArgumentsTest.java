package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.Bound;
import io.jenkins.plugins.lockstep.jenkins.Describables;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepArgumentsTest {

    private static final Map<String, String> DEFAULTS = Map.of(
            "directory", ".",
            "file", "lockstep.yaml",
            "onFailure", "rollback",
            "to", "previous");

    static Stream<Class<?>> steps() {
        return Describables.described().stream().filter(OperationStep.class::isAssignableFrom);
    }

    @Test
    void onlyTheEnvironmentAndTheReleaseToKeepAreMandatory() {
        assertThat(Bound.mandatory(KeepStep.class)).containsExactly("environment", "release");
        assertThat(steps().filter(step -> step != KeepStep.class).map(Bound::mandatory))
                .hasSize(11)
                .allSatisfy(mandatory -> assertThat(mandatory).isIn(Set.of(), Set.of("environment")));
        assertThat(steps().filter(step -> Bound.mandatory(step).isEmpty()))
                .containsExactlyInAnyOrder(BuildImageStep.class, StatusStep.class, CollectStep.class);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void everyArgumentArrivesUnderItsName(Class<?> type) throws Exception {
        OperationStep step = bind(type, all(type));

        for (String name : Bound.fields(type)) {
            String expected = isFlag(type, name) ? "true" : name.equals("release") ? "7" : name + "-1";
            assertThat(step.operation().text(name)).as(name).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void whatIsLeftOutIsLeftToTheEngine(Class<?> type) throws Exception {
        var mandatory = new HashMap<>(all(type));
        mandatory.keySet().retainAll(Bound.mandatory(type));

        Operation operation = bind(type, mandatory).operation();

        for (String name : Bound.optional(type)) {
            assertThat(operation.text(name)).as(name).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("steps")
    void whatIsTypedButIsTheDefaultIsLeftOutOfASnippet(Class<?> type) throws Exception {
        var typed = new HashMap<>(all(type));
        typed.replaceAll((name, value) -> Bound.mandatory(type).contains(name)
                ? value
                : isFlag(type, name) ? (Object) false : DEFAULTS.getOrDefault(name, " "));
        var plain = new HashMap<>(all(type));
        plain.keySet().retainAll(Bound.mandatory(type));

        Object one = bind(type, typed);
        Object other = bind(type, plain);

        for (String field : Bound.optional(type)) {
            assertThat(Bound.read(one, field)).as(field).isEqualTo(Bound.read(other, field));
        }
    }

    @Test
    void anEnvironmentThatAScriptLeavesOutIsLeftToTheEngine() throws Exception {
        assertThat(Bound.bind(DeployStep.class, Map.of()).getEnvironment()).isEmpty();
    }

    @Test
    void theStepsThatBuildNeedAWorkspaceAndNoOther() throws Exception {
        assertThat(steps().filter(StepArgumentsTest::needsWorkspace))
                .containsExactlyInAnyOrder(BuildImageStep.class, ReleaseStep.class);
    }

    private static boolean needsWorkspace(Class<?> type) {
        for (Class<?> nested : type.getDeclaredClasses()) {
            if (OperationStep.OperationDescriptor.class.isAssignableFrom(nested)) {
                try {
                    var descriptor = (OperationStep.OperationDescriptor)
                            nested.getConstructor().newInstance();
                    return descriptor.needsWorkspace();
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError(type + " has no descriptor");
    }

    /** A value for each argument, by which it is known again. */
    private static Map<String, Object> all(Class<?> type) {
        var arguments = new HashMap<String, Object>();
        for (String name : Bound.fields(type)) {
            arguments.put(name, isFlag(type, name) ? true : name.equals("release") ? (Object) 7 : " " + name + "-1 ");
        }
        return arguments;
    }

    private static boolean isFlag(Class<?> type, String name) {
        String getter = "is" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return Stream.of(type.getMethods()).anyMatch(method -> method.getName().equals(getter));
    }

    private static OperationStep bind(Class<?> type, Map<String, Object> arguments)
            throws ReflectiveOperationException {
        return (OperationStep) Bound.bind(type, arguments);
    }
}
