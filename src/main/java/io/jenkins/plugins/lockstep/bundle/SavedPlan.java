package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plan saw and promised. It still holds as long as planning again gives the same changes: then every field that
 * Lockstep owns or the plan changes has the value that it had (design, section 5, rule 5). Status, resource versions, other
 * managers' fields and replica counts are no part of it.
 *
 * @param location the cluster or directory that was asked
 * @param namespaceUid the UID of the environment's namespace, which tells one cluster from another; null where it could
 *     not be read
 * @param newestRelease the newest release of the environment, 0 where there was none
 * @param takeOwnership whether fields of other managers are taken
 * @param pruneData whether volumes, claims, namespaces and resource definitions are pruned, too
 * @param mask what Secret values were masked with
 * @param changes in the order of the plan
 */
public record SavedPlan(
        String location,
        @Nullable String namespaceUid,
        int newestRelease,
        boolean takeOwnership,
        boolean pruneData,
        SecretMask mask,
        List<PlannedChange> changes) {

    private static final int LONGEST_VALUE = 60;

    public SavedPlan {
        changes = List.copyOf(changes);
    }

    /** Tells whether {@code location} is where this plan was made, as far as that can be known. */
    public boolean isFor(String otherLocation, @Nullable String otherNamespaceUid) {
        if (namespaceUid == null || otherNamespaceUid == null) {
            return location.equals(otherLocation);
        }
        return namespaceUid.equals(otherNamespaceUid);
    }

    /**
     * Says what has moved since.
     *
     * @param now the changes that planning again gives, masked with the same mask
     * @return a clause for each object or field; empty where the plan still holds
     */
    public List<String> moved(List<PlannedChange> now) {
        var before = byKey(changes);
        var after = byKey(now);
        var keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        var moved = new ArrayList<String>();
        for (ResourceKey key : keys) {
            compare(key, before.get(key), after.get(key), moved);
        }
        return moved;
    }

    private static void compare(
            ResourceKey key, @Nullable PlannedChange planned, @Nullable PlannedChange now, List<String> moved) {
        if (isCreated(planned) != isCreated(now)) {
            moved.add(key + (isCreated(now) ? " is gone" : " is there now"));
        } else if (isPruned(planned) != isPruned(now)) {
            moved.add(key + (isPruned(now) ? " would be pruned now" : " would no longer be pruned"));
        } else {
            compareFields(key, fields(planned), fields(now), moved);
            if (planned != null
                    && now != null
                    && planned.operation() != now.operation()
                    && planned.fields().equals(now.fields())) {
                moved.add(key + ": someone else has applied it since");
            }
        }
    }

    private static void compareFields(
            ResourceKey key, Map<String, FieldChange> planned, Map<String, FieldChange> now, List<String> moved) {
        var paths = new LinkedHashSet<>(planned.keySet());
        paths.addAll(now.keySet());
        for (String path : paths) {
            FieldChange one = planned.get(path);
            FieldChange other = now.get(path);
            // Where the plan changed nothing, the live value was the wanted one; where nothing is to be changed now, it
            // is.
            Object from = one != null ? one.from() : other == null ? null : other.to();
            Object is = other != null ? other.from() : one == null ? null : one.to();
            if (!same(from, is)) {
                moved.add(key + ": " + path + " was " + words(from) + " and is " + words(is));
            } else if (one != null && other != null && !same(one.to(), other.to())) {
                moved.add(key + ": " + path + " would become " + words(other.to()) + ", not " + words(one.to()));
            }
        }
    }

    private static boolean isCreated(@Nullable PlannedChange change) {
        return change != null && change.operation() == Operation.CREATE;
    }

    private static boolean isPruned(@Nullable PlannedChange change) {
        return change != null && change.operation() == Operation.PRUNE;
    }

    private static Map<ResourceKey, PlannedChange> byKey(List<PlannedChange> changes) {
        var byKey = new LinkedHashMap<ResourceKey, PlannedChange>();
        changes.forEach(change -> byKey.put(change.key(), change));
        return byKey;
    }

    private static Map<String, FieldChange> fields(@Nullable PlannedChange change) {
        var fields = new LinkedHashMap<String, FieldChange>();
        if (change != null) {
            change.fields().forEach(field -> fields.put(field.path(), field));
        }
        return fields;
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        return Json.canonical(one).equals(Json.canonical(other));
    }

    private static String words(@Nullable Object value) {
        if (value == null) {
            return "absent";
        }
        String text = value instanceof String string ? string : Json.write(value);
        String line = text.replace("\n", "\\n");
        return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "...";
    }
}
