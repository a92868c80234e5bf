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
 * @param live the object as it is; null for {@link Operation#CREATE}, unless something must go first: a failed Job,
 *     which is deleted, or an object that is being deleted already; null for {@link Operation#KEEP} of a Job that ran
 *     earlier and was cleaned up since
 * @param previous what the inventory of the earlier release says of it, null where it is not in there
 * @param fields the field paths that differ, empty for other operations than {@link Operation#CONFIGURE}
 */
public record Change(
        Operation operation,
        ServedKind kind,
        ResourceKey key,
        @Nullable RenderedObject desired,
        @Nullable LiveObject live,
        @Nullable InventoryItem previous,
        List<String> fields) {

    public Change {
        fields = List.copyOf(fields);
    }

    /** The things that can happen to an object. */
    public enum Operation {
        CREATE,
        CONFIGURE,
        KEEP,
        PRUNE
    }

    /** Returns the same object left as it is. */
    Change kept() {
        return new Change(Operation.KEEP, kind, key, desired, live, previous, List.of());
    }

    /** Tells whether the object is Lockstep's own: created by this change or by an earlier release, not adopted. */
    public boolean created() {
        if (operation == Operation.CREATE) {
            return true;
        }
        if (live == null) {
            return previous != null && previous.created();
        }
        if (previous != null && previous.uid().equals(live.uid())) {
            return previous.created() || isMarkedAsCreated(live);
        }
        return isMarkedAsCreated(live) || Stamp.isOwnConfiguration(live);
    }

    private static boolean isMarkedAsCreated(LiveObject live) {
        return "true".equals(live.annotation(Stamp.CREATED_ANNOTATION));
    }
}
