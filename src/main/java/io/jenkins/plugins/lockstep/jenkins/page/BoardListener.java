package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.listeners.ItemListener;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;

/** Keeps the boards in step with the items of the controller, and goes on after a restart with what was under way. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class BoardListener extends ItemListener {

    /** Looks at every job's directory once: beside the start of the controller, which it must not hold up. */
    @Override
    public void onLoaded() {
        Background.start("Lockstep: what was under way", () -> {
            for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
                if (Boards.get().has(job)) {
                    Boards.get().found(job);
                    Rollbacks.resume(job);
                }
            }
        });
    }

    @Override
    public void onDeleted(Item item) {
        Boards.get().gone(item.getFullName());
    }

    @Override
    public void onLocationChanged(Item item, String oldFullName, String newFullName) {
        Boards.get().moved(oldFullName, newFullName);
    }
}
