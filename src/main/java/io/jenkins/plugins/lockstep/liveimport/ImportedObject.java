package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A live object as a manifest.
 *
 * @param key the live object
 * @param tree the manifest, keys in the usual order
 */
public record ImportedObject(ResourceKey key, Map<String, @Nullable Object> tree) {}
