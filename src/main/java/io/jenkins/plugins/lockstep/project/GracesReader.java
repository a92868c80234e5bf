package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DurationText;
import io.jenkins.plugins.lockstep.common.document.Section;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code graces:}, of the whole file or of one environment. */
final class GracesReader {

    static final String PREFIX = "graces.";

    private static final List<String> TIMES =
            List.of("reference", "mount", "registry", "imagePull", "scheduling", "quota", "volumeClaim");
    private static final List<String> COUNTS = List.of("refusedPulls", "exits", "failedStarts");
    private static final String STEADY = "steady";
    private static final int MOST = 1000;

    private GracesReader() {}

    /** Returns all names, in the order in which they are shown. */
    static List<String> names() {
        var names = new ArrayList<>(TIMES);
        names.addAll(COUNTS);
        names.add(STEADY);
        return names;
    }

    /**
     * Returns what a section sets, each under {@code graces.NAME}.
     *
     * @param section null where there is none
     * @param environment whose settings they are
     */
    static List<Setting> read(@Nullable Section section, String environment) {
        var settings = new ArrayList<Setting>();
        if (section != null) {
            section.rejectUnknown(names());
            for (String name : section.keys()) {
                Object value = COUNTS.contains(name) ? (Object) section.integer(name, 1, MOST) : time(section, name);
                if (value != null) {
                    settings.add(new Setting(PREFIX + name, value, environment, section.place(name), List.of()));
                }
            }
        }
        return settings;
    }

    private static @Nullable String time(Section section, String name) {
        String text = section.string(name);
        if (text != null) {
            try {
                DurationText.parse(text);
            } catch (DeliveryException e) {
                throw section.mistake(name, "'" + text + "' is not a duration").hint("write it like 30s, 2m or 1m30s");
            }
        }
        return text;
    }
}
