package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy does to one object.
 *
 * @param operation what is done
 * @param kind the kind as the cluster serves it
 * @param key the object
 * @param desired the object as it shall be, null for {@link Operation#PRUNE}
 * @param live the object as it is, null for {@link Operation#CREATE}
 * @param fields the field paths that differ, empty for other operations than {@link Operation#CONFIGURE}
 */
public record Change(
        Operation operation,
        ServedKind kind,
        ResourceKey key,
        @Nullable RenderedObject desired,
        @Nullable LiveObject live,
        List<String> fields) {

    /** The things that can happen to an object. */
    public enum Operation {
        CREATE,
        CONFIGURE,
        KEEP,
        PRUNE
    }
}
