package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Item;
import hudson.model.ItemGroup;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * What is configured in one place: in a folder, or globally.
 *
 * @param place whose credentials the entries may use: the folder, or Jenkins itself
 */
record Entries(ItemGroup<?> place, List<ClusterEntry> clusters, List<RegistryEntry> registries) {

    /** Returns what applies to an item: its own where it is a folder, those of the folders around it, the global ones. */
    static List<Entries> nearestFirst(Item item) {
        var found = new ArrayList<Entries>();
        Object place = item;
        while (place instanceof Item each) {
            if (each instanceof AbstractFolder<?> folder) {
                found.add(of(folder));
            }
            place = each.getParent();
        }
        found.add(global());
        return found;
    }

    /** Returns what is saved in the place that a form is about: a folder, or Jenkins itself for null. */
    static Entries savedAt(@Nullable Item item) {
        return placeOf(item) instanceof AbstractFolder<?> folder ? of(folder) : global();
    }

    /** Returns the place that a form is about: a folder, the one around a job, or Jenkins itself for null. */
    static ItemGroup<?> placeOf(@Nullable Item item) {
        if (item == null) {
            return Jenkins.get();
        }
        return item instanceof ItemGroup<?> group ? group : item.getParent();
    }

    /**
     * Tells whether the current user may configure the place that a form is about. Its credentials are looked up as SYSTEM, so
     * whoever may configure just a job in it must neither see nor use them.
     */
    static boolean mayConfigure(@Nullable Item item) {
        return Fields.mayConfigure(placeOf(item) instanceof Item place ? place : null);
    }

    private static Entries of(AbstractFolder<?> folder) {
        var property = folder.getProperties().get(LockstepFolderProperty.class);
        return property == null
                ? new Entries(folder, List.of(), List.of())
                : new Entries(folder, property.getClusters(), property.getRegistries());
    }

    private static Entries global() {
        var configuration = LockstepConfiguration.get();
        return new Entries(Jenkins.get(), configuration.getClusters(), configuration.getRegistries());
    }

    /** Returns what is kept of a list: null for an empty one, and a plain type, for it is written to disk. */
    static <T> @Nullable List<T> kept(@Nullable List<T> entries) {
        return entries == null || entries.isEmpty() ? null : new ArrayList<>(entries);
    }

    /**
     * Makes sure that no two entries have the same name.
     *
     * @throws TwiceException where two have
     */
    static void requireNoTwins(@Nullable List<ClusterEntry> clusters, @Nullable List<RegistryEntry> registries) {
        requireNoTwins(clusters, ClusterEntry::getName);
        requireNoTwins(registries, registry -> RegistryNames.asked(registry.getRegistry()));
    }

    private static <T> void requireNoTwins(@Nullable List<T> entries, Function<T, String> name) {
        var names = new HashSet<String>();
        for (T entry : entries == null ? List.<T>of() : entries) {
            if (!names.add(name.apply(entry))) {
                throw new TwiceException(entry);
            }
        }
    }
}
