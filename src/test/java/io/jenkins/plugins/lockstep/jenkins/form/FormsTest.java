package io.jenkins.plugins.lockstep.jenkins.form;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import hudson.util.FormValidation.Kind;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.jenkins.Bound;
import io.jenkins.plugins.lockstep.jenkins.Describables;
import io.jenkins.plugins.lockstep.jenkins.Items;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.verb.POST;

class FormsTest {

    private static final Item CONFIGURABLE = Items.permitting(Item.CONFIGURE);
    private static final Item READABLE = Items.permitting();

    /** Each method that a form calls, with the extension that offers it. */
    static Stream<Arguments> webMethods() {
        return Describables.extensions().stream().flatMap(type -> Arrays.stream(type.getMethods())
                .filter(method -> method.getName().matches("do(Check|Fill|Test).*") && !method.isBridge())
                .map(method -> Arguments.of(type, method)));
    }

    static Stream<Arguments> fieldMethods() {
        return webMethods()
                .filter(arguments -> !((Method) arguments.get()[1]).getName().startsWith("doTest"));
    }

    @ParameterizedTest
    @MethodSource("webMethods")
    void whatAFormAsksIsAPostAboutAnItem(Class<?> extension, Method method) {
        assertThat(method.isAnnotationPresent(POST.class)).isTrue();
        assertThat(method.getParameters()[0].getType()).isEqualTo(Item.class);
        assertThat(method.getParameters()[0].isAnnotationPresent(AncestorInPath.class))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("fieldMethods")
    void whatAFormAsksIsAboutAFieldThatThereIs(Class<?> extension, Method method) {
        String name = method.getName().replaceAll("^do(Check|Fill)|Items$", "");

        assertThat(Bound.fields(extension.getEnclosingClass()))
                .contains(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    @ParameterizedTest
    @MethodSource("webMethods")
    void whoMayNotConfigureTheItemLearnsNothing(Class<?> extension, Method method) throws Exception {
        Object[] arguments = new Object[method.getParameterCount()];
        arguments[0] = READABLE;

        Object answer = method.invoke(extension.getConstructor().newInstance(), arguments);

        if (answer instanceof ListBoxModel choices) {
            assertThat(choices).isEmpty();
        } else {
            assertThat(answer).hasFieldOrPropertyWithValue("kind", Kind.OK);
        }
    }

    static Stream<Arguments> methodsAboutCredentials() {
        return webMethods()
                .filter(arguments -> ((Class<?>) arguments.get()[0]).getName().contains(".config."));
    }

    /** The credentials are those of the place around the job. */
    @ParameterizedTest
    @MethodSource("methodsAboutCredentials")
    void whoMayConfigureAJobAloneLearnsNothingOfThePlaceAroundIt(Class<?> extension, Method method) throws Exception {
        Object[] arguments = new Object[method.getParameterCount()];
        arguments[0] = Items.permittingOnTheJobAlone(Item.CONFIGURE);

        Object answer = method.invoke(extension.getConstructor().newInstance(), arguments);

        if (answer instanceof ListBoxModel choices) {
            assertThat(choices).isEmpty();
        } else {
            assertThat(answer).hasFieldOrPropertyWithValue("kind", Kind.OK);
        }
    }

    @Test
    void aMissingEnvironmentIsAnError() {
        assertThat(Fields.required(CONFIGURABLE, " ", "name one").kind).isEqualTo(Kind.ERROR);
        assertThat(Fields.required(CONFIGURABLE, "staging", "name one").kind).isEqualTo(Kind.OK);
    }

    @Test
    void aTimeThatIsNoneIsAnErrorWithAnExample() {
        assertThat(Fields.span(CONFIGURABLE, "ten minutes"))
                .hasFieldOrPropertyWithValue("kind", Kind.ERROR)
                .hasMessageContaining("10m");
        assertThat(Fields.span(CONFIGURABLE, "10m").kind).isEqualTo(Kind.OK);
        assertThat(Fields.span(CONFIGURABLE, "").kind).isEqualTo(Kind.OK);
    }

    @Test
    void aTargetThatIsNoneIsAnErrorWithAnExample() {
        assertThat(Fields.target(CONFIGURABLE, "/tmp/out"))
                .hasFieldOrPropertyWithValue("kind", Kind.ERROR)
                .hasMessageContaining("dir:");
        assertThat(Fields.target(CONFIGURABLE, "dir:out").kind).isEqualTo(Kind.OK);
    }

    @Test
    void whatAVariableHoldsIsLeftToTheBuild() {
        assertThat(Fields.span(CONFIGURABLE, "$TIMEOUT").kind).isEqualTo(Kind.OK);
        assertThat(Fields.target(CONFIGURABLE, "${TARGET}").kind).isEqualTo(Kind.OK);
    }

    @Test
    void theFirstAnswerToAFailureIsTheDefault() {
        assertThat(Fields.onFailure(CONFIGURABLE, null))
                .extracting(choice -> choice.value)
                .containsExactly("rollback", "keep");
    }

    @Test
    void whoMayOnlyLookSeesTheCurrentAnswer() {
        assertThat(Fields.onFailure(READABLE, "keep"))
                .extracting(choice -> choice.value)
                .containsExactly("keep");
    }
}
