package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.manifest.ResourceKey;

/**
 * An object that a release applied: what a later one may prune.
 *
 * @param apiVersion the version that it was applied in
 * @param key its identity
 * @param uid its incarnation; only this one is ever deleted
 * @param created whether Lockstep created it; nothing else is ever deleted
 * @param completed whether it is a Job that did its work: then it need not run again, even if it was cleaned up since
 */
public record InventoryItem(String apiVersion, ResourceKey key, String uid, boolean created, boolean completed) {

    /** Makes an item of anything but a Job that did its work. */
    public InventoryItem(String apiVersion, ResourceKey key, String uid, boolean created) {
        this(apiVersion, key, uid, created, false);
    }
}
