package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.config.Provenance;
import io.jenkins.plugins.lockstep.delivery.EffectiveConfig;
import io.jenkins.plugins.lockstep.project.Setting;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what an environment comes to, and where each part comes from. */
final class ConfigOutcome {

    private static final int LONGEST_VALUE = 60;

    private final OperationCommand command;
    private final boolean whole;

    /**
     * @param whole whether long values are printed whole
     */
    ConfigOutcome(OperationCommand command, boolean whole) {
        this.command = command;
        this.whole = whole;
    }

    void words(EffectiveConfig config) {
        command.line(
                "%s in %s: revision %s",
                config.app(), config.environment().name(), config.revision().id());
        command.line("  combines %s", String.join(", ", config.environment().pieces()));
        for (Setting setting : config.environment().settings().values()) {
            command.line("%s = %s", setting.key(), setting.value());
            command.line("    %s (%s)", setting.place(), setting.environment());
            setting.overridden()
                    .forEach(other ->
                            command.line("    over %s: %s (%s)", other.value(), other.place(), other.environment()));
        }
        if (config.configMap() == null) {
            command.line("no configuration");
            return;
        }
        command.line("configmap/%s: %s", config.configMap(), counted(config));
        config.entries().forEach(this::entry);
    }

    static String counted(EffectiveConfig config) {
        int keys = config.entries().size();
        return keys == 1 ? "1 key" : keys + " keys";
    }

    private void entry(EffectiveConfig.Entry entry) {
        if (entry.text() == null) {
            command.line("%s = (binary, %d bytes, %s)", entry.key(), entry.size(), entry.digest());
        } else if (whole && entry.text().lines().count() > 1) {
            command.line("%s =", entry.key());
            entry.text().lines().forEach(text -> command.line("    | %s", printable(text)));
        } else {
            command.line("%s = %s", entry.key(), shortened(entry.text(), entry.size()));
        }
        command.line("    %s", place(entry.provenance().origin()));
        entry.provenance().overridden().forEach(other -> command.line("    over %s", place(other)));
    }

    private static String place(Provenance.Origin origin) {
        return origin.place() + " (" + origin.source().environment() + ", "
                + origin.source().place() + ")";
    }

    private String shortened(String text, int size) {
        String first = text.lines().findFirst().orElse("");
        boolean more = text.strip().lines().count() > 1;
        if (whole || (!more && first.length() <= LONGEST_VALUE)) {
            return printable(first);
        }
        return printable(first.substring(0, Math.min(LONGEST_VALUE, first.length()))) + "... (" + size + " bytes)";
    }

    /** What a terminal would take for a command of its own is shown as an escape. */
    static String printable(String text) {
        return text.codePoints()
                .mapToObj(next -> Character.isISOControl(next) && next != '\t'
                        ? String.format(Locale.ROOT, "\\u%04x", next)
                        : Character.toString(next))
                .collect(Collectors.joining());
    }
}
