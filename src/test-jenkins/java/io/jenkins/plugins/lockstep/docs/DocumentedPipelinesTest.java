package io.jenkins.plugins.lockstep.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.jenkinsci.plugins.pipeline.modeldefinition.parser.Converter;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Every Jenkinsfile in the documentation, through the validators that a controller has. */
@WithJenkins
class DocumentedPipelinesTest {

    private static final Pattern BLOCK = Pattern.compile("^```groovy\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern STEP = Pattern.compile("\\b(lockstep[A-Z]\\w*)\\b(?!Parameter)");

    private record Snippet(String place, String text) {

        boolean isDeclarative() {
            return text.strip().startsWith("pipeline {");
        }
    }

    @Test
    void theDocumentedPipelinesAreValid(JenkinsRule controller) throws Exception {
        var mistakes = new ArrayList<String>();
        List<Snippet> snippets = snippets();
        for (Snippet snippet : snippets) {
            try {
                if (snippet.isDeclarative()) {
                    assertThat(Converter.scriptToPipelineDef(snippet.text())).isNotNull();
                } else {
                    new groovy.lang.GroovyShell().parse(snippet.text());
                }
            } catch (MultipleCompilationErrorsException e) {
                mistakes.add(snippet.place() + ": " + e.getMessage());
            }
            Matcher steps = STEP.matcher(snippet.text());
            while (steps.find()) {
                if (StepDescriptor.byFunctionName(steps.group(1)) == null && !isParameter(steps.group(1))) {
                    mistakes.add(snippet.place() + ": there is no step " + steps.group(1));
                }
            }
        }

        assertThat(mistakes).isEmpty();
        assertThat(snippets).filteredOn(Snippet::isDeclarative).isNotEmpty();
    }

    @Test
    void theValidatorWouldSayWhatIsWrong(JenkinsRule controller) {
        assertThatThrownBy(
                        () -> Converter.scriptToPipelineDef(
                                "pipeline { agent none; stages { stage('x') { steps { lockstepDeploy environment: 'staging', reversion: 'abc' } } } }"))
                .isInstanceOf(MultipleCompilationErrorsException.class)
                .hasMessageContaining("reversion");
    }

    private static boolean isParameter(String symbol) {
        return org.jenkinsci.plugins.structs.SymbolLookup.get()
                        .findDescriptor(hudson.model.ParameterDefinition.class, symbol)
                != null;
    }

    private static List<Snippet> snippets() throws IOException {
        var snippets = new ArrayList<Snippet>();
        try (Stream<Path> files = Files.walk(Path.of("docs"))) {
            for (Path file : Stream.concat(Stream.of(Path.of("README.md")), files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                String text = Files.readString(file);
                Matcher block = BLOCK.matcher(text);
                while (block.find()) {
                    long line = text.substring(0, block.start(1)).lines().count() + 1;
                    snippets.add(new Snippet(file + ":" + line, block.group(1)));
                }
            }
        }
        return snippets;
    }
}
