package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what a plan takes from other field managers, a sentence each, for people and for the ledger; pure. */
public final class Takeover {

    private static final int MOST_FIELDS = 5;

    private static final String HELM_RELEASE = "meta.helm.sh/release-name";

    private Takeover() {}

    /**
     * Returns which fields the plan sets that someone else manages: {@code took spec.replicas of deployment/cart from
     * kubectl-edit}.
     *
     * @param adopts whether client-side appliers are taken over for good
     */
    public static List<String> sentences(Plan plan, boolean adopts) {
        var sentences = new ArrayList<String>();
        for (Change change : plan.changes()) {
            LiveObject live = change.live();
            if (change.operation() != Operation.CONFIGURE || live == null) {
                continue;
            }
            Set<String> appliers = adopts ? Adoption.appliers(live) : Set.of();
            if (!appliers.isEmpty()) {
                sentences.add("took " + change.key() + " over from " + String.join(" and ", appliers));
            }
            taken(change, live).forEach((manager, fields) -> {
                if (!appliers.contains(manager)) {
                    sentences.add("took " + list(fields) + " of " + change.key() + " from " + manager);
                }
            });
        }
        return sentences;
    }

    /** Returns what else is to be known of a takeover: kept selectors, and who still believes to own an object. */
    public static List<String> notes(Plan plan, List<RenderedObject> rendered, boolean adopts) {
        Map<ResourceKey, RenderedObject> byKey = new HashMap<>();
        rendered.forEach(object -> byKey.put(object.key(), object));
        var notes = new ArrayList<String>();
        for (Change change : plan.changes()) {
            LiveObject live = change.live();
            RenderedObject desired = change.desired();
            RenderedObject wanted = byKey.get(change.key());
            if (live == null || desired == null || wanted == null || change.operation() != Operation.CONFIGURE) {
                continue;
            }
            Object selector = Tree.at(desired.tree(), "spec", "selector");
            if (KnownKinds.selectsPods(change.key())
                    && selector != null
                    && !Json.canonical(selector).equals(Json.canonical(Tree.map(wanted.tree(), "spec", "selector")))) {
                notes.add(change.key() + " keeps the selector that it has, which can't change: "
                        + Selector.words(selector));
            }
            String helm = live.annotation(HELM_RELEASE);
            if (adopts && helm != null && !Adoption.appliers(live).isEmpty()) {
                notes.add(change.key() + " is still in Helm's release " + helm
                        + ": `helm uninstall` would delete it; take it out of the chart, or delete Helm's records with"
                        + " kubectl delete secret -l owner=helm,name=" + helm);
            }
        }
        return notes;
    }

    /** Returns the objects of the plan that client-side appliers manage beside Lockstep, each with these. */
    public static Map<ResourceKey, Set<String>> shared(Plan plan) {
        var shared = new TreeMap<ResourceKey, Set<String>>(java.util.Comparator.comparing(ResourceKey::toString));
        for (Change change : plan.changes()) {
            LiveObject live = change.live();
            if (live != null
                    && change.desired() != null
                    && change.operation() == Operation.CONFIGURE
                    && !Adoption.appliers(live).isEmpty()) {
                shared.put(change.key(), Adoption.appliers(live));
            }
        }
        return shared;
    }

    /** Returns the fields that the change sets and that someone else manages, by manager. */
    static Map<String, List<String>> taken(Change change, LiveObject live) {
        var taken = new TreeMap<String, List<String>>();
        for (String field : change.fields()) {
            if (!isRendered(change.desired(), field)) {
                continue;
            }
            for (FieldOwnership.Owner owner : FieldOwnership.owners(live, field)) {
                if (!owner.isLockstep()) {
                    taken.computeIfAbsent(owner.manager(), unseen -> new ArrayList<>())
                            .add(field);
                }
            }
        }
        return taken;
    }

    /** What the release no longer renders it only lets go; a count it may set to what the bounds say. */
    private static boolean isRendered(@Nullable RenderedObject desired, String field) {
        return desired != null && (field.equals("spec.replicas") || FieldPath.at(desired.tree(), field) != null);
    }

    private static String list(List<String> fields) {
        int more = fields.size() - MOST_FIELDS;
        return String.join(", ", fields.subList(0, Math.min(MOST_FIELDS, fields.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
