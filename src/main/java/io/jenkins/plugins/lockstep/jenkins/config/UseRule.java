package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may use a cluster: by folder, by branch, and by where a pull request comes from. */
final class UseRule {

    private final ClusterEntry entry;
    private final List<String> folders;
    private final List<String> branches;

    UseRule(ClusterEntry entry) {
        this.entry = entry;
        folders = Words.of(entry.getFolders());
        branches = Words.of(entry.getBranches());
    }

    /** Tells whether the item, or a folder around it, is one that the entry names; one that names none is for all. */
    boolean takesPlaceOf(Item item) {
        if (folders.isEmpty()) {
            return true;
        }
        Object place = item;
        while (place instanceof Item each) {
            if (Words.match(folders, each.getFullName())) {
                return true;
            }
            ItemGroup<?> parent = each.getParent();
            place = parent;
        }
        return false;
    }

    /**
     * Makes sure that an item may use the cluster.
     *
     * @param run of which the revision is looked at, null for the item's last one
     * @throws DeliveryException {@link Problem#CLUSTER_FORBIDDEN} where it may not
     */
    void check(Item item, SourceBranches sources, @Nullable Run<?, ?> run) {
        if (!takesPlaceOf(item)) {
            throw refused(item, "it is for " + String.join(", ", folders) + " and what is in there");
        }
        SourceBranch branch = sources.of(item);
        if (branch == null) {
            return;
        }
        if (!branches.isEmpty() && !Words.match(branches, branch.name())) {
            throw refused(
                    item, "it is for the branches " + String.join(", ", branches) + ", and this is " + branch.name());
        }
        if (!entry.isUntrustedPullRequests()) {
            String doubt = branch.doubt(run);
            if (doubt != null) {
                throw refused(item, doubt);
            }
        }
    }

    private DeliveryException refused(Item item, String why) {
        return DeliveryException.of(Problem.CLUSTER_FORBIDDEN, item.getFullName() + " may not use " + entry)
                .why(why)
                .hint("deploy elsewhere, or ask who configured the cluster in Jenkins");
    }
}
