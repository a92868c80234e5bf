package io.jenkins.plugins.lockstep.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import hudson.Extension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.java.sezpoz.Index;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.Test;

/** What a controller reads instead of scanning classes. */
class IndexTest {

    @Test
    void theExtensionIndexListsExactlyOurExtensions() throws Exception {
        var indexed = new ArrayList<String>();
        for (var item : Index.load(Extension.class, Object.class, getClass().getClassLoader())) {
            indexed.add(item.className());
            assertThat(item.instance()).isNotNull();
        }

        assertThat(indexed)
                .containsExactlyInAnyOrderElementsOf(
                        Describables.extensions().stream().map(Class::getName).toList())
                .hasSize(29);
    }

    /** The file is kept by hand, in the form that Jenkins' own indexer writes: sorted binary names, a line each. */
    @Test
    void theSymbolIndexListsExactlyOurSymbols() throws IOException {
        List<String> symbols = Describables.classes()
                .filter(type -> type.isAnnotatedWith(Symbol.class))
                .map(JavaClass::getName)
                .sorted()
                .toList();

        try (InputStream index =
                getClass().getResourceAsStream("/META-INF/services/annotations/" + Symbol.class.getName())) {
            assertThat(new String(index.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .containsExactlyElementsOf(symbols);
        }
    }

    @Test
    void noSymbolIsTheNameOfAStep() throws ReflectiveOperationException {
        var steps = new ArrayList<String>();
        var symbols = new ArrayList<String>();
        for (Class<?> extension : Describables.extensions()) {
            if (StepDescriptor.class.isAssignableFrom(extension)) {
                steps.add(((StepDescriptor) extension.getConstructor().newInstance()).getFunctionName());
            }
            if (extension.isAnnotationPresent(Symbol.class)) {
                symbols.addAll(List.of(extension.getAnnotation(Symbol.class).value()));
            }
        }

        assertThat(steps)
                .containsExactlyInAnyOrder(
                        "lockstepBuild",
                        "lockstepConfig",
                        "lockstepPlan",
                        "lockstepDeploy",
                        "lockstepRelease",
                        "lockstepRollback",
                        "lockstepHistory",
                        "lockstepStatus",
                        "lockstepVerify",
                        "lockstepHold",
                        "lockstepKeep",
                        "lockstepCollect");
        assertThat(symbols).isNotEmpty().doesNotContainAnyElementsOf(steps);
    }
}
