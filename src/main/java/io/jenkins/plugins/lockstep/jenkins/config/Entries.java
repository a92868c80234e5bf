package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Item;
import hudson.model.ItemGroup;
import java.util.ArrayList;
import java.util.List;
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
                var property = folder.getProperties().get(LockstepFolderProperty.class);
                if (property != null) {
                    found.add(new Entries(folder, property.getClusters(), property.getRegistries()));
                }
            }
            place = each.getParent();
        }
        var global = LockstepConfiguration.get();
        found.add(new Entries(Jenkins.get(), global.getClusters(), global.getRegistries()));
        return found;
    }

    /** Returns what a configuration keeps of a list: null for an empty one. It is written to disk, so it is a plain one. */
    static <T> @Nullable List<T> kept(@Nullable List<T> entries) {
        return entries == null || entries.isEmpty() ? null : new ArrayList<>(entries);
    }

    /** Returns where this is, for messages. */
    String where() {
        String folder = place.getFullName();
        return folder.isEmpty() ? "the global configuration" : "folder " + folder;
    }
}
