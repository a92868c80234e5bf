package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.AllCores;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.WriteLimits.Refused;
import io.jenkins.plugins.lockstep.manifest.Drift;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compares what a release renders with what is live. Only reads. Thread-safe. */
public final class Planner {

    private final Cluster cluster;

    public Planner(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Plans a release: one list call for each kind and namespace.
     *
     * @param desired every object of the release
     * @param previous the inventory of the release before, empty for the first one
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where a kind is not served or a namespace is missing,
     *     and whatever {@link Cluster} throws
     */
    public Plan plan(List<RenderedObject> desired, List<InventoryItem> previous, PlanOptions options) {
        Survey survey = survey(desired, previous, options);
        survey.refusals().stream().findFirst().ifPresent(refusal -> {
            throw refusal;
        });
        return survey.plan();
    }

    /** Plans as {@link #plan} does, and tells everything that {@link #plan} would throw together with what it could plan. */
    public Survey survey(List<RenderedObject> rendered, List<InventoryItem> previous, PlanOptions wished) {
        List<RenderedObject> all = asServed(rendered);
        var unserved = new ArrayList<DeliveryException>();
        Kinds kinds = new Kinds(cluster, all, unserved::add);
        Map<ResourceKey, Refused> beyond = beyondLimits(all, kinds);
        var refusals = new ArrayList<DeliveryException>();
        if (!beyond.isEmpty()) {
            refusals.add(cluster.limits().refusal(List.copyOf(beyond.values())));
        }
        refusals.addAll(unserved);
        // What may not be written there is not looked at either.
        List<RenderedObject> desired =
                all.stream().filter(object -> !beyond.containsKey(object.key())).toList();
        PlanOptions options = wished.bounded(wished.bounds().leaving(ServedAutoscalers.targets(desired)));

        var wanted = new LinkedHashMap<ResourceKey, RenderedObject>();
        desired.forEach(object -> wanted.put(object.key(), object));
        var known = new HashMap<ResourceKey, InventoryItem>();
        previous.forEach(item -> known.put(item.key(), item));
        var touchable = new ArrayList<InventoryItem>();
        var untouchable = new ArrayList<InventoryItem>();
        previous.forEach(item -> (allows(item, kinds) ? touchable : untouchable).add(item));
        Reading reading = read(desired, touchable, kinds);
        Set<String> missing = missingNamespaces(desired, reading, refusals::add);
        Live live = reading.live();
        refusals.addAll(reading.refusals());

        boolean pastJobs = isPastJobsBefore(options.resumed(), desired, kinds, live);
        var changes = new ArrayList<Change>();
        var rest = new Rest(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var pairs = new ArrayList<Pair>();
        for (RenderedObject object : wanted.values()) {
            InventoryItem item = known.get(object.key());
            if (options.rollback() && KnownKinds.isJob(object.key()) && !Wish.runsOnRollback(object.tree())) {
                if (item != null) {
                    rest.retain(item, Spared.Reason.LEFT_OUT);
                }
            } else {
                kinds.of(object)
                        .filter(kind -> live.hasSeen(kind, object.key().namespace()))
                        .ifPresent(kind -> pairs.add(new Pair(object, kind, live.get(kind, object.key()), item)));
            }
        }
        // Field by field, which is most of the work of many objects: all cores do it.
        for (Supplier<Change> outcome : AllCores.map(pairs, pair -> change(pair, options, pastJobs))) {
            try {
                changes.add(outcome.get());
            } catch (DeliveryException e) {
                refusals.add(e);
            }
        }
        changes.sort(ApplyOrder.CHANGES);

        untouchable.forEach(rest::leave);
        for (InventoryItem item : touchable) {
            if (!wanted.containsKey(item.key())) {
                consider(item, kinds, live, options, rest);
            }
        }
        rest.prunes().sort(Collections.reverseOrder(ApplyOrder.CHANGES));
        changes.addAll(rest.prunes());
        return new Survey(new Plan(changes, rest.retained(), rest.spared(), options.bounds()), refusals, missing);
    }

    /** Returns recorded objects as this cluster is given them: Lockstep's own autoscalers in the version that it serves. */
    public List<RenderedObject> asServed(List<RenderedObject> recorded) {
        return new ServedAutoscalers(cluster).translated(recorded);
    }

    /**
     * Finds what a release created, for one whose end nobody wrote down; adopted objects are left out, and immutable ones,
     * which carry no release's number, unless they are the content-named ConfigMaps of this environment.
     *
     * @param stamp of the release
     * @param objects of the release
     */
    public List<InventoryItem> leftBy(Stamp stamp, List<RenderedObject> objects) {
        var items = new ArrayList<InventoryItem>();
        for (RenderedObject object : asServed(objects)) {
            cluster.served(object.apiVersion(), object.key().kind())
                    .flatMap(kind -> cluster.get(kind, object.key()))
                    .filter(live -> stamp.isOfObjectCreated(live) || stamp.isOfConfiguration(live))
                    .ifPresent(live -> items.add(new InventoryItem(
                            object.apiVersion(),
                            object.key(),
                            live.uid(),
                            true,
                            KnownKinds.isJob(object.key()) && Conditions.isTrue(live, "Complete"))));
        }
        return items;
    }

    /**
     * Makes sure that every object may be written, by who configured the cluster; what the server's own rights say is not
     * asked.
     *
     * @throws DeliveryException as {@link WriteLimits#refusal} says, naming all of them
     */
    public void requireWithinLimits(List<RenderedObject> rendered) {
        List<Refused> beyond = beyondLimits(rendered);
        if (!beyond.isEmpty()) {
            throw cluster.limits().refusal(beyond);
        }
    }

    /** Returns the objects that may not be written, by who configured the cluster. */
    public List<Refused> beyondLimits(List<RenderedObject> rendered) {
        List<RenderedObject> objects = asServed(rendered);
        return List.copyOf(beyondLimits(objects, kinds(objects)).values());
    }

    /** Returns the objects that may be written, by who configured the cluster. */
    public List<RenderedObject> withinLimits(List<RenderedObject> rendered) {
        List<RenderedObject> objects = asServed(rendered);
        Map<ResourceKey, Refused> beyond = beyondLimits(objects, kinds(objects));
        return objects.stream()
                .filter(object -> !beyond.containsKey(object.key()))
                .toList();
    }

    private Kinds kinds(List<RenderedObject> objects) {
        return new Kinds(cluster, objects, unserved -> {});
    }

    private Map<ResourceKey, Refused> beyondLimits(List<RenderedObject> objects, Kinds kinds) {
        var beyond = new LinkedHashMap<ResourceKey, Refused>();
        for (RenderedObject object : objects) {
            ResourceKey key = kinds.of(object)
                    .map(kind -> WriteLimits.placed(kind, object.key()))
                    .orElse(object.key());
            if (!cluster.limits().allow(key)) {
                beyond.put(object.key(), new Refused(key, object.place()));
            }
        }
        return beyond;
    }

    private boolean allows(InventoryItem item, Kinds kinds) {
        return cluster.limits()
                .allow(kinds.of(item)
                        .map(kind -> WriteLimits.placed(kind, item.key()))
                        .orElse(item.key()));
    }

    /** An object as it shall be, as it is, and as the release before left it. */
    private record Pair(
            RenderedObject wanted, ServedKind kind, @Nullable LiveObject live, @Nullable InventoryItem item) {}

    private static Change change(Pair pair, PlanOptions options, boolean pastJobs) {
        RenderedObject wanted = pair.wanted();
        ServedKind kind = pair.kind();
        LiveObject live = pair.live();
        InventoryItem item = pair.item();
        RenderedObject object = live == null || live.isBeingDeleted() || isLocksteps(live, item)
                ? wanted
                : Adoption.withLiveSelector(wanted, live);
        if (live == null) {
            // A Job that is gone was cleaned up after it ran: running it again would be a second time. One that failed
            // is cleaned up, too.
            boolean ran =
                    (item != null && item.completed()) || (pastJobs && Wish.runsBefore(object.key(), object.tree()));
            return ran
                    ? new Change(Operation.KEEP, kind, object.key(), object, null, done(object, item), List.of())
                    : new Change(Operation.CREATE, kind, object.key(), object, null, item, List.of());
        }
        if (live.isBeingDeleted()) {
            return new Change(Operation.CREATE, kind, object.key(), object, live, item, List.of());
        }
        if (KnownKinds.isJob(object.key())) {
            return job(object, kind, live, item, options.resumed());
        }
        List<String> fields = differences(object, live, options.bounds());
        boolean same = fields.isEmpty()
                && (KnownKinds.isImmutable(object.key(), object.tree())
                        || (object.hash().equals(live.annotation(Stamp.APPLIED_ANNOTATION))
                                && FieldOwnership.isLocksteps(live)
                                && !FieldOwnership.isCreationHalfDone(live)
                                && !(options.adopt() && !Adoption.appliers(live).isEmpty())));
        return new Change(same ? Operation.KEEP : Operation.CONFIGURE, kind, object.key(), object, live, item, fields);
    }

    /** Returns what later releases have to know of a Job that ran: they must not run it again. */
    private static InventoryItem done(RenderedObject job, @Nullable InventoryItem item) {
        return item != null && item.completed()
                ? item
                : new InventoryItem(job.apiVersion(), job.key(), item == null ? "" : item.uid(), true, true);
    }

    /** Tells whether Lockstep created the live object. */
    private static boolean isLocksteps(LiveObject live, @Nullable InventoryItem item) {
        return "true".equals(live.annotation(Stamp.CREATED_ANNOTATION))
                || (item != null && item.created() && item.uid().equals(live.uid()));
    }

    private static Change job(
            RenderedObject object,
            ServedKind kind,
            LiveObject live,
            @Nullable InventoryItem item,
            @Nullable Stamp resumed) {
        Change keep = new Change(Operation.KEEP, kind, object.key(), object, live, item, List.of());
        boolean isOfThisRelease = resumed != null && resumed.isOn(live);
        return keep.created() && !isOfThisRelease && Conditions.isTrue(live, "Failed")
                ? new Change(Operation.CREATE, kind, object.key(), object, live, item, List.of())
                : keep;
    }

    /** Tells whether a release that is gone on with has written what it writes only once its Jobs before it are done. */
    private static boolean isPastJobsBefore(
            @Nullable Stamp resumed, List<RenderedObject> desired, Kinds kinds, Live live) {
        return resumed != null
                && desired.stream()
                        .filter(object -> ApplyOrder.rank(object) > ApplyOrder.JOBS_BEFORE)
                        .anyMatch(object -> kinds.of(object)
                                .flatMap(kind -> Optional.ofNullable(live.get(kind, object.key())))
                                .filter(resumed::isOn)
                                .isPresent());
    }

    private static List<String> differences(RenderedObject object, LiveObject live, ReplicaBounds bounds) {
        var fields = new ArrayList<>(Drift.between(object.tree(), live.tree()));
        for (String dropped : FieldOwnership.dropped(object.tree(), live)) {
            if (!fields.contains(dropped)) {
                fields.add(dropped);
            }
        }
        Integer replicas = Tree.integer(live.tree(), "spec", "replicas");
        if (replicas != null && bounds.ruleLive(object) && bounds.clamp(replicas) != replicas) {
            fields.add("spec.replicas");
        }
        return fields;
    }

    private static void consider(InventoryItem item, Kinds kinds, Live live, PlanOptions options, Rest rest) {
        if (!item.created()) {
            rest.spared().add(new Spared(item.key(), Spared.Reason.ADOPTED));
            return;
        }
        Optional<ServedKind> kind = kinds.of(item);
        if (kind.isEmpty()) {
            // It may still be there, under another version of its API.
            rest.retain(item, Spared.Reason.NOT_SERVED);
            return;
        }
        if (!live.hasSeen(kind.get(), item.key().namespace())) {
            rest.retain(item, Spared.Reason.NOT_SEEN);
            return;
        }
        LiveObject found = live.get(kind.get(), item.key());
        LiveObject object = found != null && found.uid().equals(item.uid()) ? found : null;
        boolean completed = item.completed()
                || (object != null && KnownKinds.isJob(item.key()) && Conditions.isTrue(object, "Complete"));
        if (options.rollback() && completed) {
            // When the release that wants it comes again, it must not run a second time.
            rest.retain(
                    new InventoryItem(item.apiVersion(), item.key(), item.uid(), true, true), Spared.Reason.COMPLETED);
            return;
        }
        if (object == null) {
            return;
        }
        if (KnownKinds.isData(item.key()) && !options.pruneData()) {
            rest.retain(item, Spared.Reason.DATA);
        } else if (Wish.isNeverPruned(object.tree())) {
            rest.retain(item, Spared.Reason.NEVER);
        } else if (KnownKinds.isImmutable(item.key(), object.tree())) {
            rest.retain(item, Spared.Reason.SHARED);
        } else {
            rest.prunes().add(new Change(Operation.PRUNE, kind.get(), item.key(), null, object, item, List.of()));
        }
    }

    private static Set<String> missingNamespaces(
            List<RenderedObject> desired, Reading reading, Consumer<DeliveryException> refusals) {
        var missing = new HashSet<String>();
        var seen = new HashSet<String>();
        for (RenderedObject object : desired) {
            String namespace = namespaceOf(object);
            if (!namespace.isEmpty() && seen.add(namespace) && reading.missing().contains(namespace)) {
                missing.add(namespace);
                refusals.accept(DeliveryException.of(
                                Problem.CLUSTER_REJECTED,
                                "the namespace " + namespace + " is missing, or being deleted")
                        .where(object.place())
                        .why("Lockstep never creates a namespace")
                        .causedBy(new Rejection(Verdict.Code.NAMESPACE_MISSING, List.of()))
                        .hint("create it: kubectl create namespace " + namespace));
            }
        }
        return missing;
    }

    private static String namespaceOf(RenderedObject object) {
        return KnownKinds.isNamespace(object.key())
                ? object.key().name()
                : object.key().namespace();
    }

    /** Asks for all namespaces, and for all objects of each kind in each of them, at the same time. */
    private Reading read(List<RenderedObject> desired, List<InventoryItem> previous, Kinds kinds) {
        var places = new LinkedHashMap<ServedKind, Set<String>>();
        for (RenderedObject object : desired) {
            kinds.of(object).filter(kind -> !kinds.isPending(kind)).ifPresent(kind -> places.computeIfAbsent(
                            kind, unseen -> new LinkedHashSet<>())
                    .add(object.key().namespace()));
        }
        for (InventoryItem item : previous) {
            kinds.of(item).ifPresent(kind -> places.computeIfAbsent(kind, unseen -> new LinkedHashSet<>())
                    .add(item.key().namespace()));
        }
        var namespaces = new LinkedHashSet<String>();
        desired.forEach(object -> namespaces.add(namespaceOf(object)));
        namespaces.remove("");
        var reading = new Reading(
                new Live(new HashMap<>(), new HashSet<>()), ConcurrentHashMap.newKeySet(), new ArrayList<>());
        var questions = new ArrayList<Supplier<Optional<Listed>>>();
        namespaces.forEach(namespace -> questions.add(() -> {
            if (!cluster.hasNamespace(namespace)) {
                reading.missing().add(namespace);
            }
            return Optional.empty();
        }));
        places.forEach(
                (kind, where) -> where.forEach(namespace -> questions.add(() -> Optional.of(listed(kind, namespace)))));
        answers(questions).forEach(answer -> answer.ifPresent(reading::add));
        return reading;
    }

    private Listed listed(ServedKind kind, String namespace) {
        try {
            return new Listed(kind, namespace, cluster.list(kind, namespace, null), null);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_FORBIDDEN) {
                throw e;
            }
            return new Listed(kind, namespace, List.of(), e);
        }
    }

    private static <T> List<T> answers(List<Supplier<T>> questions) {
        try {
            return Parallel.map(questions, Supplier::get);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while the cluster was looked at")
                    .causedBy(e);
        }
    }

    /** All objects of a kind in a namespace, or why they are not told. */
    private record Listed(
            ServedKind kind, String namespace, List<LiveObject> objects, @Nullable DeliveryException refusal) {}

    /** What a plan is made of. */
    private record Reading(Live live, Set<String> missing, List<DeliveryException> refusals) {

        void add(Listed listed) {
            listed.objects().forEach(object -> live.put(listed.kind(), object));
            if (listed.refusal() != null) {
                live.unseen()
                        .add(listed.kind().apiVersion() + " " + listed.kind().kind() + " " + listed.namespace());
                refusals.add(listed.refusal());
            }
        }
    }

    /** What becomes of the objects that the release does not want. */
    private record Rest(List<Change> prunes, List<InventoryItem> retained, List<Spared> spared) {

        /** Leaves an object alone that may not be written, whether it is wanted or not. */
        void leave(InventoryItem item) {
            retain(item, item.created() ? Spared.Reason.NOT_ALLOWED : Spared.Reason.ADOPTED);
        }

        void retain(InventoryItem item, Spared.Reason reason) {
            retained.add(item);
            spared.add(new Spared(item.key(), reason));
        }
    }

    /** Live objects by the kind that they were read as: one object may be read in two versions. */
    private record Live(Map<ServedKind, Map<ResourceKey, LiveObject>> objects, Set<String> unseen) {

        boolean hasSeen(ServedKind kind, String namespace) {
            return !unseen.contains(kind.apiVersion() + " " + kind.kind() + " " + namespace);
        }

        void put(ServedKind kind, LiveObject object) {
            objects.computeIfAbsent(kind, unseen -> new HashMap<>()).put(object.key(), object);
        }

        @Nullable
        LiveObject get(ServedKind kind, ResourceKey key) {
            return objects.getOrDefault(kind, Map.of()).get(key);
        }
    }
}
