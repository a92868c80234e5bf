package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.history.HoldDocument;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What people said about holding an environment, in a ConfigMap of its own. */
record KubeHoldNotes(KubeClient client, String namespace, LedgerNames names) {

    /** Plain, for people: {@code kubectl get configmap lockstep-APP-ENV-hold -o yaml}. */
    private static final String HOLD_KEY = "hold.json";

    HoldNotes read() {
        return client.get(KubeClient.CONFIG_MAPS, namespace, names.hold())
                .map(this::notes)
                .orElse(HoldNotes.NONE);
    }

    private HoldNotes notes(Map<String, @Nullable Object> object) {
        return HoldDocument.read(
                Tree.text(object, "data", HOLD_KEY), "configmap/" + names.hold() + " in namespace " + namespace);
    }

    /** Replaces them by compare-and-swap. */
    HoldNotes change(UnaryOperator<HoldNotes> change) {
        boolean again = false;
        while (true) {
            Optional<Map<String, @Nullable Object>> stored =
                    client.get(KubeClient.CONFIG_MAPS, namespace, names.hold());
            HoldNotes before = stored.map(this::notes).orElse(HoldNotes.NONE);
            HoldNotes notes = change.apply(before);
            if (notes.equals(before)) {
                return notes;
            }
            try {
                if (store(stored.orElse(null), notes)) {
                    return notes;
                }
            } catch (DeliveryException e) {
                // The answer may have been lost after the work was done: look once more, but only once.
                if (e.problem() != Problem.CLUSTER_UNAVAILABLE || again) {
                    throw e;
                }
                again = true;
            }
        }
    }

    /** Tells whether the notes were stored; false where someone else was quicker. */
    private boolean store(@Nullable Map<String, @Nullable Object> stored, HoldNotes notes) {
        Map<String, String> data = Map.of(HOLD_KEY, HoldDocument.text(notes));
        if (stored != null) {
            Map<String, @Nullable Object> metadata = Tree.map(stored.get("metadata"));
            metadata.remove("managedFields");
            Map<String, @Nullable Object> changed = Tree.map(stored);
            changed.put("metadata", metadata);
            changed.put("data", data);
            return client.update(KubeClient.CONFIG_MAPS, namespace, changed).isPresent();
        }
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", names.hold());
        metadata.put("labels", names.labels(LedgerNames.HOLD));
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("apiVersion", "v1");
        object.put("kind", "ConfigMap");
        object.put("metadata", metadata);
        object.put("data", data);
        return client.create(KubeClient.CONFIG_MAPS, namespace, object).isPresent();
    }
}
