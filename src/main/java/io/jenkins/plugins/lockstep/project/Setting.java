package io.jenkins.plugins.lockstep.project;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of one key of an environment, and where it comes from.
 *
 * @param key as the project file writes it: {@code namespace}, {@code replicas.min}
 * @param value a text or a whole number
 * @param environment which of the combined environments says so
 * @param place {@code FILE:LINE}
 * @param overridden what other environments say that this value has won over, the strongest first
 */
public record Setting(String key, Object value, String environment, String place, List<Setting> overridden) {

    public Setting {
        overridden = List.copyOf(overridden);
    }

    /** Returns this setting, laid over an earlier one of the same key. */
    Setting over(Setting earlier) {
        var losers = new ArrayList<Setting>();
        losers.add(new Setting(earlier.key, earlier.value, earlier.environment, earlier.place, List.of()));
        losers.addAll(earlier.overridden);
        return new Setting(key, value, environment, place, losers);
    }
}
