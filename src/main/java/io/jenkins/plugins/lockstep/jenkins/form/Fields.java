package io.jenkins.plugins.lockstep.jenkins.form;

import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DurationText;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.jenkins.config.Configured;
import io.jenkins.plugins.lockstep.jenkins.run.GraceText;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * The fields that steps and builders share. Nothing here touches a disk, a registry or a cluster; still only who may
 * configure {@code item}, or the controller where there is none, gets an answer.
 */
public final class Fields {

    private Fields() {}

    /** Trims a text; null where nothing is left or where it is the default, so that neither is kept nor generated. */
    public static @Nullable String unlessDefault(@Nullable String text, String standard) {
        String trimmed = Util.fixEmptyAndTrim(text);
        return standard.equals(trimmed) ? null : trimmed;
    }

    /** Refuses an empty field with {@code message}. */
    public static FormValidation required(@Nullable Item item, @Nullable String value, String message) {
        return mayConfigure(item) && Util.fixEmptyAndTrim(value) == null
                ? FormValidation.error(message)
                : FormValidation.ok();
    }

    /** Refuses what is no span of time; empty is the default. */
    public static FormValidation span(@Nullable Item item, @Nullable String value) {
        return parsed(item, value, DurationText::parse);
    }

    /** Refuses what is no target; empty is registry and cluster. */
    public static FormValidation target(@Nullable Item item, @Nullable String value) {
        return parsed(item, value, text -> Target.directory(text, Path.of("")));
    }

    /** Refuses what are no graces; empty are those of the project file. */
    public static FormValidation graces(@Nullable Item item, @Nullable String value) {
        return parsed(item, value, GraceText::parse);
    }

    /** Lists the clusters that the item may use, after the environment's own; the current one alone for who may only look. */
    public static ListBoxModel clusters(@Nullable Item item, @Nullable String current) {
        var choices = new ListBoxModel();
        if (item != null && mayConfigure(item)) {
            choices.add("The environment's own", "");
            List<String> names = Configured.of(item).clusterNames();
            names.forEach(name -> choices.add(name, name));
            String other = Util.fixEmptyAndTrim(current);
            if (other != null && !names.contains(other)) {
                choices.add(other, other);
            }
        } else if (current != null) {
            choices.add(current, current);
        }
        return choices;
    }

    /** Lists what can be done after a failed rollout, the default first; the current one alone for who may only look. */
    public static ListBoxModel onFailure(@Nullable Item item, @Nullable String current) {
        var choices = new ListBoxModel();
        if (mayConfigure(item)) {
            choices.add("Bring the last good release back", RolloutArguments.ROLLBACK);
            choices.add("Keep what failed, for a closer look", RolloutArguments.KEEP);
        } else if (current != null) {
            choices.add(current, current);
        }
        return choices;
    }

    /** Tells whether the current user may configure {@code item}, or the controller where it is null. */
    public static boolean mayConfigure(@Nullable Item item) {
        return item == null ? Jenkins.get().hasPermission(Jenkins.ADMINISTER) : item.hasPermission(Item.CONFIGURE);
    }

    private static FormValidation parsed(@Nullable Item item, @Nullable String value, Consumer<String> parser) {
        String text = Util.fixEmptyAndTrim(value);
        // What a variable holds is only known in a build.
        if (!mayConfigure(item) || text == null || text.contains("$")) {
            return FormValidation.ok();
        }
        try {
            parser.accept(text);
            return FormValidation.ok();
        } catch (DeliveryException e) {
            return FormValidation.error(e.hint() == null ? e.getMessage() : e.getMessage() + "; " + e.hint());
        }
    }
}
