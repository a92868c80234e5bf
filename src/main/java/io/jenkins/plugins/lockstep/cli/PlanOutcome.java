package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.common.document.YamlWriter;
import io.jenkins.plugins.lockstep.delivery.PlanResult;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.ChangeDetail;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints a plan for people. */
final class PlanOutcome {

    private static final int LONGEST_VALUE = 100;
    private static final int MOST_LINES = 40;
    private static final String INDENT = "            ";

    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";

    private final OperationCommand command;
    private final boolean whole;
    private final boolean color;

    PlanOutcome(OperationCommand command) {
        this.command = command;
        this.whole = command.root.options.verbose;
        this.color = command.root.shell.wantsColor() && !command.root.options.noColor;
    }

    /**
     * Prints the plan.
     *
     * @param asked where it was to be saved, null where nowhere
     */
    void words(PlanResult result, @Nullable Path asked) {
        command.line(
                "%s in %s: revision %s, %s",
                result.draft().app(),
                result.draft().environment(),
                result.draft().revision(),
                running(result));
        result.rehearsal().details().forEach(this::change);
        result.plan().spared().forEach(spared -> {
            head("stays", YELLOW, spared.key(), null);
            command.line("%s%s", INDENT, spared.reason().words());
        });
        command.line("%s", summary(result));
        result.draft().remarks().forEach(remark -> command.line("%s %s", painted(YELLOW, "remark   "), remark));
        result.warnings().forEach(warning -> command.line("%s %s", painted(YELLOW, "warning  "), warning));
        result.refusals().forEach(this::refusal);
        if (result.bundle() != null) {
            command.line("saved to %s", result.bundle());
        } else if (asked != null) {
            command.line("nothing is saved to %s: a deploy would be refused", asked);
        }
    }

    /** Says in a few words what there is to do. */
    static String summary(PlanResult result) {
        if (!result.hasChanges()) {
            return result.refusals().isEmpty() ? "nothing to do" : "nothing to do but what is refused";
        }
        if (result.plan().isEmpty()) {
            return "no object changes; a deploy records a release";
        }
        return String.format(
                Locale.ROOT,
                "%d to create, %d to configure, %d unchanged, %d to prune",
                result.plan().count(Operation.CREATE),
                result.plan().count(Operation.CONFIGURE),
                result.plan().count(Operation.KEEP),
                result.plan().count(Operation.PRUNE));
    }

    private static String running(PlanResult result) {
        return result.current() == null
                ? "nothing runs yet"
                : "release " + result.current().number() + " runs, revision "
                        + result.current().revision();
    }

    private void change(ChangeDetail detail) {
        Change change = detail.change();
        String place = change.desired() == null ? null : change.desired().place();
        switch (change.operation()) {
            case CREATE -> head("create", GREEN, change.key(), place);
            case CONFIGURE -> head("configure", YELLOW, change.key(), place);
            case PRUNE -> {
                head("prune", RED, change.key(), null);
                command.line("%sLockstep created it, and this revision has it no more", INDENT);
            }
            case KEEP -> {
                if (whole) {
                    head("keep", "0", change.key(), place);
                }
            }
        }
        detail.notes().forEach(note -> command.line("%s%s", INDENT, note));
        if (change.operation() == Operation.CONFIGURE) {
            detail.fields().forEach(this::field);
            if (detail.fields().isEmpty() && detail.refusal() == null) {
                command.line("%sno field: only what Lockstep notes on it", INDENT);
            }
        } else if (whole && change.operation() == Operation.CREATE) {
            wholeObject(detail.fields());
        }
    }

    private void head(String word, String paint, ResourceKey key, @Nullable String place) {
        command.line(
                "%s %s%s",
                painted(paint, String.format(Locale.ROOT, "%-9s", word)), key, place == null ? "" : "   " + place);
    }

    private void field(FieldChange field) {
        List<String> from = lines(field.from());
        List<String> to = lines(field.to());
        if (from.size() <= 1 && to.size() <= 1) {
            command.line(
                    "%s%s: %s -> %s",
                    INDENT,
                    field.path(),
                    painted(RED, value(field.from(), from)),
                    painted(GREEN, value(field.to(), to)));
            return;
        }
        command.line("%s%s:", INDENT, field.path());
        List<String> diff = LineDiff.between(from, to);
        int most = whole ? diff.size() : Math.min(diff.size(), MOST_LINES);
        diff.subList(0, most).forEach(line -> command.line("%s  %s", INDENT, paintedLine(shortened(line))));
        if (most < diff.size()) {
            command.line("%s  (%d lines more: --verbose shows them)", INDENT, diff.size() - most);
        }
    }

    private void wholeObject(List<FieldChange> fields) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        fields.forEach(field -> object.put(field.path(), field.to()));
        YamlWriter.write(object)
                .lines()
                .forEach(line -> command.line("%s%s", INDENT, painted(GREEN, ConfigOutcome.printable(line))));
    }

    private void refusal(DeliveryException refusal) {
        command.line("%s %s", painted(RED, "refused  "), refusal.what());
        part("where", refusal.where());
        part("why", refusal.why());
        part("do", refusal.hint());
    }

    private void part(String name, @Nullable String text) {
        if (text != null) {
            command.line(
                    "%s%-6s %s", INDENT, name + ":", text.replace("\n", System.lineSeparator() + INDENT + "       "));
        }
    }

    /** A text by its lines, keys with values and lists as YAML; none for nothing. */
    private static List<String> lines(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (value instanceof Map<?, ?>) {
            return YamlWriter.write(Tree.map(value)).lines().toList();
        }
        if (value instanceof List<?>) {
            String json = Json.write(value);
            return json.length() <= LONGEST_VALUE
                    ? List.of(json)
                    : YamlWriter.write(Map.of("items", value)).lines().skip(1).toList();
        }
        return value instanceof String text && text.contains("\n")
                ? text.lines().toList()
                : List.of(String.valueOf(value));
    }

    private String value(@Nullable Object value, List<String> lines) {
        if (value == null) {
            return "(none)";
        }
        String line = lines.isEmpty() ? "" : lines.get(0);
        return line.isEmpty() ? "\"\"" : shortened(line);
    }

    private String shortened(String line) {
        String printable = ConfigOutcome.printable(line);
        return whole || printable.length() <= LONGEST_VALUE
                ? printable
                : printable.substring(0, LONGEST_VALUE) + "... (" + line.length() + " letters)";
    }

    private String paintedLine(String line) {
        return line.startsWith("+") ? painted(GREEN, line) : line.startsWith("-") ? painted(RED, line) : line;
    }

    private String painted(String code, String text) {
        return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
