package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Gzip;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.ObjectArchive;
import io.jenkins.plugins.lockstep.history.ObjectIndex;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseDocument;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one environment in its namespace: a ConfigMap for each release, and ConfigMaps (Secrets for what
 * manifests say in Secrets) for what releases rendered.
 *
 * <p>A release's ConfigMap has its summary in an annotation, so that a list needs metadata only; creating it is what
 * takes the number, and replacing it with its {@code resourceVersion} is what ends the release. Rights needed: get, list,
 * create and update on configmaps, and to collect also delete; the same without update on secrets, only where manifests
 * have Secrets.
 */
final class KubeLedger implements Ledger {

    /** The release as JSON; all annotations of an object together may have 256 KiB. */
    private static final String SUMMARY_ANNOTATION = "lockstep.io/summary";

    /** Tells the creator whether an entry whose creation was never answered is its own. */
    private static final String ATTEMPT_ANNOTATION = "lockstep.io/attempt";

    /** For people: {@code kubectl get configmaps -L lockstep.io/verdict}. */
    private static final String NUMBER_LABEL = "lockstep.io/release";

    private static final String REVISION_LABEL = "lockstep.io/revision";
    private static final String VERDICT_LABEL = "lockstep.io/verdict";
    private static final String NO_VERDICT = "none";

    /**
     * On an entry that is neither among the newest nor unfinished: the others can be selected, which is how what happens
     * every day gets by without a list of all. It only spares readers work: they check what they got.
     */
    private static final String PAST_LABEL = "lockstep.io/past";

    private static final String PAST = "true";

    /** How many newest entries never have that label. */
    static final int RECENT = 50;

    /** How many entries get that label when a release begins, at most: one is enough where none was left out before. */
    private static final int MOST_PASSED = 10;

    /** On an entry whose payload was given up: what still has one can be selected. */
    private static final String PAYLOAD_LABEL = "lockstep.io/payload";

    private static final String COLLECTED = "collected";

    private static final String OBJECTS_KEY = "objects.json.gz";
    private static final String INVENTORY_KEY = "inventory.json.gz";

    /** An index or inventory of more is no work of Lockstep's. */
    private static final int MOST_JSON_BYTES = 32 * 1024 * 1024;

    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_EVIDENCE_LINES = 20;
    private static final int LONGEST_EVIDENCE_LINE = 400;

    private final KubeClient client;
    private final String namespace;
    private final LedgerNames names;
    private final KubeChunks chunks;
    private final KubeHoldNotes holds;

    /** The newest number that was listed, 0 for none: where the next one is looked for, which saves a list. */
    private final AtomicInteger newest = new AtomicInteger();

    /** The entry that was written last, as the server has it since: who changes it again need not read it before. */
    private final AtomicReference<@Nullable Map<String, @Nullable Object>> written = new AtomicReference<>();

    /** Entries that ended and do not have {@link #PAST_LABEL}, as they were listed last, oldest first. */
    private volatile List<Integer> unpassed = List.of();

    /**
     * @param client stays the caller's to close
     * @param namespace where the environment lives; must exist
     */
    KubeLedger(KubeClient client, String namespace, String app, String environment) {
        this.client = client;
        this.namespace = namespace;
        this.names = new LedgerNames(app, environment);
        this.chunks = new KubeChunks(client, namespace, names);
        this.holds = new KubeHoldNotes(client, namespace, names);
    }

    @Override
    public List<Release> list() {
        List<Release> releases = selected("");
        releases.stream().findFirst().ifPresent(release -> newest.set(release.number()));
        return releases;
    }

    @Override
    public Recent recent() {
        List<Release> found = selected(",!" + PAST_LABEL);
        if (found.isEmpty()) {
            // Whoever labelled the newest entries, too, must not make a ledger look empty.
            return Recent.all(list());
        }
        int last = found.get(0).number();
        int before = Math.max(0, last - RECENT);
        List<Release> window =
                found.stream().filter(release -> release.number() > before).toList();
        if (before > 0 && window.size() < RECENT) {
            // Somebody deleted an entry, or labelled it: what lies between is not to be guessed.
            return Recent.all(list());
        }
        newest.set(last);
        unpassed = found.stream()
                .filter(release -> release.verdict() != null)
                .map(Release::number)
                .sorted()
                .toList();
        if (before == 0 || found.size() == last) {
            return Recent.all(found);
        }
        return new Recent(
                window,
                found.stream()
                        .filter(release -> release.number() <= before && release.verdict() == null)
                        .toList(),
                false);
    }

    @Override
    public Optional<Release> find(int number) {
        return entry(number).map(this::release);
    }

    @Override
    public List<Release> ofRevision(String revision) {
        return selected("," + REVISION_LABEL + "=" + LedgerNames.labelValue(revision));
    }

    /** @param more what is selected among the releases, from a comma on */
    private List<Release> selected(String more) {
        var releases = new TreeMap<Integer, Release>(Comparator.reverseOrder());
        client.each(KubeClient.CONFIG_MAPS, namespace, names.selector(LedgerNames.RELEASE) + more, true, entry -> {
            Release release = release(entry);
            releases.put(release.number(), release);
        });
        return List.copyOf(releases.values());
    }

    @Override
    public Release begin(Release draft, List<RenderedObject> objects) {
        if (newest.get() == 0) {
            recent();
        }
        ObjectIndex index = ObjectArchive.store(objects, known(newest.get(), draft), chunks);
        passed(newest.get() - RECENT);
        String attempt = UUID.randomUUID().toString();
        // Numbers have no gaps, so that the next one may be free where this one is not.
        int number = newest.get() + 1;
        while (true) {
            Release begun = draft.numbered(number);
            if (create(begun, index, attempt)) {
                newest.set(number);
                return begun;
            }
            number++;
        }
    }

    /** Labels what is no longer among the newest. Nothing is lost where that fails: the next release tries again. */
    private void passed(int last) {
        List<Integer> numbers = unpassed;
        try {
            numbers.stream().filter(number -> number <= last).limit(MOST_PASSED).forEach(this::pass);
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED || e.problem() == Problem.LOCKED) {
                throw e;
            }
        }
    }

    private void pass(int number) {
        Optional<Map<String, @Nullable Object>> found = entry(number);
        if (found.isEmpty() || release(found.get()).verdict() == null) {
            return;
        }
        Map<String, @Nullable Object> labels = Tree.map(Tree.at(found.get(), "metadata", "labels"));
        labels.put(PAST_LABEL, PAST);
        Map<String, @Nullable Object> metadata = Tree.map(found.get().get("metadata"));
        metadata.remove("managedFields");
        metadata.put("labels", labels);
        Map<String, @Nullable Object> changed = Tree.map(found.get());
        changed.put("metadata", metadata);
        client.update(KubeClient.CONFIG_MAPS, namespace, changed);
    }

    /** Returns where most of the objects are already: in the newest release, and in the one that is brought back. */
    private List<ObjectIndex> known(int newestRelease, Release draft) {
        return Stream.concat(Stream.of(newestRelease), Stream.ofNullable(draft.rollbackOf()))
                .filter(number -> number > 0)
                .distinct()
                .flatMap(number -> entry(number).stream())
                .flatMap(entry -> index(entry).stream())
                .toList();
    }

    /** Tells whether the entry was created; false where someone else has the number. */
    private boolean create(Release release, ObjectIndex index, String attempt) {
        var annotations = new LinkedHashMap<String, @Nullable Object>();
        annotations.put(SUMMARY_ANNOTATION, summary(release));
        annotations.put(ATTEMPT_ANNOTATION, attempt);
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", names.release(release.number()));
        metadata.put("labels", labels(release));
        metadata.put("annotations", annotations);
        var entry = new LinkedHashMap<String, @Nullable Object>();
        entry.put("apiVersion", "v1");
        entry.put("kind", "ConfigMap");
        entry.put("metadata", metadata);
        entry.put("binaryData", Map.of(OBJECTS_KEY, packed(index.toTree())));
        try {
            Optional<Map<String, @Nullable Object>> created = client.create(KubeClient.CONFIG_MAPS, namespace, entry);
            created.ifPresent(written::set);
            return created.isPresent();
        } catch (DeliveryException e) {
            // The answer may have been lost after the work was done.
            if (e.problem() == Problem.CLUSTER_UNAVAILABLE
                    && entry(release.number())
                            .filter(found -> Tree.text(found, "metadata", "annotations", ATTEMPT_ANNOTATION)
                                    .equals(attempt))
                            .isPresent()) {
                return true;
            }
            throw e;
        }
    }

    private Map<String, String> labels(Release release) {
        var labels = new LinkedHashMap<>(names.labels(LedgerNames.RELEASE));
        labels.put(NUMBER_LABEL, String.valueOf(release.number()));
        labels.put(REVISION_LABEL, LedgerNames.labelValue(release.revision()));
        Verdict verdict = release.verdict();
        labels.put(VERDICT_LABEL, verdict == null ? NO_VERDICT : verdict.code().word());
        if (release.collected()) {
            labels.put(PAYLOAD_LABEL, COLLECTED);
        }
        return labels;
    }

    @Override
    public void note(Release release) {
        change(release, null);
    }

    @Override
    public void finish(Release release, List<InventoryItem> inventory) {
        change(release, inventory);
    }

    /** @param inventory null for a release that has not ended */
    private void change(Release release, @Nullable List<InventoryItem> inventory) {
        boolean mayBeOurs = false;
        boolean interrupted = false;
        try {
            while (true) {
                Map<String, @Nullable Object> entry = lastWritten(release.number());
                Release begun = release(entry);
                // Somebody may have pinned it while it ran.
                Release changed = release.keptFor(begun.pinned());
                String wanted = summary(changed);
                Verdict verdict = begun.verdict();
                if (verdict != null) {
                    if (mayBeOurs
                            && Tree.text(entry, "metadata", "annotations", SUMMARY_ANNOTATION)
                                    .equals(wanted)) {
                        return;
                    }
                    throw DeliveryException.of(
                                    Problem.LOCKED,
                                    "release #" + release.number() + " was ended by someone else meanwhile")
                            .where(place(release.number()))
                            .why("it is recorded as " + verdict.code().word() + ": " + verdict.message())
                            .hint("look at lockstep history " + names.environment()
                                    + "; the next deploy makes the environment match its own revision");
                }
                try {
                    Map<String, @Nullable Object> data = Tree.map(entry.get("binaryData"));
                    if (inventory != null) {
                        data.put(INVENTORY_KEY, packed(ReleaseDocument.of(inventory)));
                    }
                    var updated =
                            client.update(KubeClient.CONFIG_MAPS, namespace, changed(entry, changed, wanted, data));
                    if (updated.isPresent()) {
                        written.set(updated.get());
                        return;
                    }
                } catch (DeliveryException e) {
                    // The answer may have been lost after the work was done: look once more, but only once.
                    boolean unknown = e.problem() == Problem.CLUSTER_UNAVAILABLE || e.problem() == Problem.INTERRUPTED;
                    if (!unknown || mayBeOurs) {
                        throw e;
                    }
                    mayBeOurs = true;
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where it has another {@code resourceVersion} by now, replacing it fails, and it is read. */
    private Map<String, @Nullable Object> lastWritten(int number) {
        Map<String, @Nullable Object> entry = written.getAndSet(null);
        return entry != null && names.release(number).equals(Tree.text(entry, "metadata", "name"))
                ? entry
                : demand(number);
    }

    private Map<String, @Nullable Object> changed(
            Map<String, @Nullable Object> entry, Release release, String summary, Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> annotations = Tree.map(Tree.at(entry, "metadata", "annotations"));
        annotations.put(SUMMARY_ANNOTATION, summary);
        Map<String, @Nullable Object> labels = Tree.map(Tree.at(entry, "metadata", "labels"));
        labels.putAll(labels(release));
        Map<String, @Nullable Object> metadata = Tree.map(entry.get("metadata"));
        metadata.remove("managedFields");
        metadata.put("annotations", annotations);
        metadata.put("labels", labels);
        Map<String, @Nullable Object> changed = Tree.map(entry);
        changed.put("metadata", metadata);
        changed.put("binaryData", data);
        return changed;
    }

    @Override
    public Release pin(int number, boolean pinned) {
        while (true) {
            Map<String, @Nullable Object> entry = demand(number);
            Release release = release(entry).keptFor(pinned);
            var changed = changed(entry, release, summary(release), Tree.map(entry.get("binaryData")));
            if (client.update(KubeClient.CONFIG_MAPS, namespace, changed).isPresent()) {
                return release;
            }
        }
    }

    @Override
    public boolean forget(Release release) {
        Optional<Map<String, @Nullable Object>> entry = entry(release.number());
        if (entry.isEmpty() || !release(entry.get()).equals(release)) {
            return false;
        }
        Release without = release.withoutPayload();
        // Only the newest release's inventory is ever asked for, and that one keeps its payload.
        var changed = changed(entry.get(), without, summary(without), Map.of());
        return client.update(KubeClient.CONFIG_MAPS, namespace, changed).isPresent();
    }

    @Override
    public Set<ChunkId> needed(Set<Integer> without) {
        var needed = new HashSet<ChunkId>();
        String withPayload = names.selector(LedgerNames.RELEASE) + "," + PAYLOAD_LABEL + "!=" + COLLECTED;
        client.each(KubeClient.CONFIG_MAPS, namespace, withPayload, false, entry -> {
            Release release = release(entry);
            if (!without.contains(release.number()) && !release.collected()) {
                needed.addAll(index(entry)
                        .orElseThrow(() -> damaged(release.number())
                                .why("it no longer says where its objects are, and nobody gave them up"))
                        .chunks());
            }
        });
        return needed;
    }

    @Override
    public List<StoredChunk> chunks(boolean secret) {
        return chunks.list(secret);
    }

    @Override
    public void delete(List<StoredChunk> unneeded, Runnable check) {
        for (StoredChunk chunk : unneeded) {
            check.run();
            chunks.delete(chunk);
        }
    }

    @Override
    public List<RenderedObject> objects(int number) {
        Map<String, @Nullable Object> entry = demand(number);
        ObjectIndex index = index(entry).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_INPUT, "what release #" + number + " rendered is no longer kept")
                .where(place(number))
                .hint("deploy its revision again from the repository: "
                        + release(entry).revision()));
        return ObjectArchive.load(release(entry), index, chunks);
    }

    @Override
    public List<InventoryItem> inventory(int number) {
        String packed = Tree.text(demand(number), "binaryData", INVENTORY_KEY);
        return packed.isEmpty() ? List.of() : ReleaseDocument.readInventory(unpacked(packed, number), place(number));
    }

    @Override
    public HoldNotes holdNotes() {
        return holds.read();
    }

    @Override
    public HoldNotes noteHold(UnaryOperator<HoldNotes> change) {
        return holds.change(change);
    }

    private Optional<ObjectIndex> index(Map<String, @Nullable Object> entry) {
        String packed = Tree.text(entry, "binaryData", OBJECTS_KEY);
        if (packed.isEmpty()) {
            return Optional.empty();
        }
        int number = release(entry).number();
        return Optional.of(ObjectIndex.read(unpacked(packed, number), place(number)));
    }

    private Optional<Map<String, @Nullable Object>> entry(int number) {
        return client.get(KubeClient.CONFIG_MAPS, namespace, names.release(number));
    }

    private Map<String, @Nullable Object> demand(int number) {
        return entry(number).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_INPUT,
                        "release #" + number + " of " + names.app() + " is not in the ledger of " + names.environment())
                .where(place(number))
                .hint("see lockstep history " + names.environment()));
    }

    private Release release(Map<String, @Nullable Object> entry) {
        String place = "configmap/" + Tree.text(entry, "metadata", "name") + " in namespace " + namespace;
        String summary = Tree.text(entry, "metadata", "annotations", SUMMARY_ANNOTATION);
        return ReleaseDocument.read(summary.isEmpty() ? null : Json.read(summary), place);
    }

    private String place(int number) {
        return "configmap/" + names.release(number) + " in namespace " + namespace;
    }

    /** Writes the summary, its texts cut to what annotations hold. */
    private static String summary(Release release) {
        Verdict verdict = release.verdict();
        Verdict undoing = release.undoing();
        Release brief = verdict != null
                ? release.ended(brief(verdict), release.restored())
                : undoing != null ? release.undone(brief(undoing)) : release;
        return Json.write(ReleaseDocument.of(brief));
    }

    private static Verdict brief(Verdict verdict) {
        List<String> evidence = verdict.evidence();
        return new Verdict(
                verdict.code(),
                cut(verdict.message(), LONGEST_TEXT),
                // The last lines of a log tell most.
                evidence.subList(Math.max(0, evidence.size() - MOST_EVIDENCE_LINES), evidence.size()).stream()
                        .map(line -> cut(line, LONGEST_EVIDENCE_LINE))
                        .toList(),
                verdict.hint() == null ? null : cut(verdict.hint(), LONGEST_TEXT));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    private static String packed(Object tree) {
        byte[] json = Json.write(tree).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(Gzip.compress(json));
    }

    private @Nullable Object unpacked(String packed, int number) {
        try {
            byte[] json = Gzip.decompress(Base64.getDecoder().decode(packed), MOST_JSON_BYTES);
            return Json.read(new String(json, StandardCharsets.UTF_8));
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(number).causedBy(e);
        }
    }

    private DeliveryException damaged(int number) {
        return DeliveryException.of(Problem.BAD_INPUT, "this entry of the ledger is damaged")
                .where(place(number))
                .hint("someone changed it by hand: choose another release; if it is of no use, delete it with kubectl");
    }
}
