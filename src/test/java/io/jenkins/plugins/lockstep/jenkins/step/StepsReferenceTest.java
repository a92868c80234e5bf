package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.Bound;
import io.jenkins.plugins.lockstep.jenkins.Describables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/steps.md} against the steps and their help pages.
 *
 * <p>{@code ./mvnw test -Dtest=StepsReferenceTest -Dlockstep.docs=write} writes the generated part anew.
 */
class StepsReferenceTest {

    private static final Path PAGE = Path.of("docs", "steps.md");
    private static final String BEGIN = "<!-- steps: begin (written by StepsReferenceTest) -->\n\n";
    private static final String END = "\n<!-- steps: end -->\n";

    /** In the order in which people meet them. */
    private static final List<Class<? extends OperationStep>> STEPS = List.of(
            BuildImageStep.class,
            ConfigStep.class,
            PlanStep.class,
            DeployStep.class,
            ReleaseStep.class,
            RollbackStep.class,
            HistoryStep.class,
            StatusStep.class,
            VerifyStep.class,
            HoldStep.class,
            KeepStep.class,
            CollectStep.class);

    /** What several steps take, under a heading each. */
    private static final Map<Class<?>, String> SHARED = shared();

    @Test
    void thePageSaysWhatTheStepsDeclare() throws Exception {
        String page = Files.readString(PAGE).replace("\r\n", "\n");
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(begin).isGreaterThan(BEGIN.length());
        assertThat(end).isGreaterThan(begin);
        String reference = reference();

        if ("write".equals(System.getProperty("lockstep.docs"))) {
            Files.writeString(PAGE, page.substring(0, begin) + reference + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end)).isEqualTo(reference);
    }

    @Test
    void noStepIsMissing() {
        assertThat(Describables.described().stream().filter(OperationStep.class::isAssignableFrom))
                .containsExactlyInAnyOrderElementsOf(STEPS);
    }

    private static String reference() throws Exception {
        var text = new StringBuilder();
        for (Class<? extends OperationStep> step : STEPS) {
            describe(step, text);
        }
        for (Map.Entry<Class<?>, String> group : SHARED.entrySet()) {
            text.append("## ").append(group.getValue()).append("\n\n");
            table(group.getKey(), ownFields(group.getKey()), Set.of(), text);
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static void describe(Class<? extends OperationStep> step, StringBuilder text) throws Exception {
        text.append("## ")
                .append(functionName(step))
                .append("\n\n")
                .append(help(step, "help.html"))
                .append("\n\n");
        var own = new TreeSet<>(Bound.fields(step));
        var also = new ArrayList<String>();
        SHARED.forEach((group, heading) -> {
            if (group.isAssignableFrom(step)) {
                own.removeAll(ownFields(group));
                String anchor = heading.toLowerCase(Locale.ROOT).replace(' ', '-');
                also.add("[" + heading.toLowerCase(Locale.ROOT) + "](#" + anchor + ")");
            }
        });
        table(step, own, Bound.mandatory(step), text);
        text.append("And ").append(String.join(", ", also)).append(".\n\n");
    }

    private static void table(Class<?> type, Set<String> fields, Set<String> mandatory, StringBuilder text)
            throws IOException {
        if (fields.isEmpty()) {
            return;
        }
        text.append("| parameter | type | |\n| --- | --- | --- |\n");
        Stream.concat(
                        fields.stream().filter(mandatory::contains),
                        fields.stream().filter(field -> !mandatory.contains(field)))
                .forEach(field -> text.append("| `")
                        .append(field)
                        .append("` | ")
                        .append(sort(type, field))
                        .append(mandatory.contains(field) ? ", mandatory" : "")
                        .append(" | ")
                        .append(help(type, "help-" + field + ".html"))
                        .append(" |\n"));
        text.append('\n');
    }

    private static String sort(Class<?> type, String field) {
        String property = field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
        return Stream.of(type.getMethods())
                .filter(method -> method.getName().equals("get" + property)
                        || method.getName().equals("is" + property))
                .map(method -> method.getReturnType() == boolean.class
                        ? "true or false"
                        : method.getReturnType() == int.class ? "number" : "text")
                .findFirst()
                .orElseThrow();
    }

    /** Returns the fields that a class itself adds. */
    private static Set<String> ownFields(Class<?> type) {
        var fields = new TreeSet<>(Bound.optional(type));
        fields.removeAll(Bound.optional(type.getSuperclass()));
        return fields;
    }

    private static String functionName(Class<?> step) throws ReflectiveOperationException {
        for (Class<?> nested : step.getDeclaredClasses()) {
            if (OperationStep.OperationDescriptor.class.isAssignableFrom(nested)) {
                return ((OperationStep.OperationDescriptor)
                                nested.getConstructor().newInstance())
                        .getFunctionName();
            }
        }
        throw new AssertionError(step + " has no descriptor");
    }

    /** Reads a help page where Stapler would, as Markdown. */
    private static String help(Class<?> type, String page) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            try (InputStream found = each.getResourceAsStream(each.getSimpleName() + "/" + page)) {
                if (found != null) {
                    return new String(found.readAllBytes(), StandardCharsets.UTF_8)
                            .replaceAll("</?code>", "`")
                            .replaceAll("</?div>", "")
                            .replaceAll("\\s+", " ")
                            .strip();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new AssertionError("no " + page + " of " + type);
    }

    private static Map<Class<?>, String> shared() {
        var groups = new LinkedHashMap<Class<?>, String>();
        groups.put(OperationStep.class, "Project");
        groups.put(ClusterStep.class, "Cluster");
        groups.put(RolloutStep.class, "Rollout");
        groups.put(GuardedStep.class, "Revision and guards");
        return groups;
    }
}
