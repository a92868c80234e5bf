package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.ChunkStore;
import io.jenkins.plugins.lockstep.history.HoldDocument;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.ObjectArchive;
import io.jenkins.plugins.lockstep.history.ObjectIndex;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseDocument;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one environment as files: {@code ledger/APP/ENVIRONMENT/N.json}, each written as a whole.
 *
 * <p>Any number of processes may work on one directory.
 */
public final class DirectoryLedger implements Ledger {

    private static final Pattern ENTRY = Pattern.compile("[1-9][0-9]{0,8}\\.json");

    private final String app;
    private final String environment;
    private final Path entries;
    private final Chunks chunks;
    private final DirectoryLock lock;

    /**
     * @param directory the target directory; made when the first release begins
     * @param app the application
     * @param environment the environment
     * @throws DeliveryException {@link Problem#BAD_INPUT} where one of the two can't be the name of a directory
     */
    public DirectoryLedger(Path directory, String app, String environment) {
        this.app = app;
        this.environment = environment;
        this.entries = directory
                .resolve("ledger")
                .resolve(DirectoryFiles.part("the application", app))
                .resolve(DirectoryFiles.part("the environment", environment));
        this.chunks = new Chunks(directory.resolve("ledger").resolve("objects"));
        this.lock = new DirectoryLock(directory.resolve(".lockstep"), "ledger.lock");
    }

    @Override
    public List<Release> list() {
        var releases = new ArrayList<Release>();
        for (Path file : DirectoryFiles.list(entries, ".json")) {
            if (ENTRY.matcher(file.getFileName().toString()).matches()) {
                read(file).ifPresent(entry -> releases.add(entry.release()));
            }
        }
        return new ReleaseLog(releases).releases();
    }

    @Override
    public Release begin(Release draft, List<RenderedObject> objects) {
        List<Release> before = list();
        ObjectIndex index = ObjectArchive.store(objects, known(before, draft), chunks);
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Release begun = draft.numbered(new ReleaseLog(list()).nextNumber());
            write(new Entry(begun, index, null));
            return begun;
        }
    }

    /** Returns where most of the objects are already: in the newest release, and in the one that is brought back. */
    private List<ObjectIndex> known(List<Release> releases, Release draft) {
        Stream<Integer> newest = releases.stream().limit(1).map(Release::number);
        return Stream.concat(newest, Stream.ofNullable(draft.rollbackOf()))
                .distinct()
                .flatMap(number -> read(file(number)).stream())
                .map(Entry::objects)
                .toList();
    }

    @Override
    public void finish(Release release, List<InventoryItem> inventory) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Entry entry = demand(release.number());
            Verdict verdict = entry.release().verdict();
            if (verdict != null) {
                throw DeliveryException.of(
                                Problem.LOCKED, "release #" + release.number() + " was ended by someone else meanwhile")
                        .where(file(release.number()).toString())
                        .why("it is recorded as " + verdict.code().word() + ": " + verdict.message())
                        .hint("look at `history`; the next deploy makes the environment match its own revision");
            }
            write(new Entry(release, entry.objects(), inventory));
        }
    }

    @Override
    public List<RenderedObject> objects(int number) {
        Entry entry = demand(number);
        return ObjectArchive.load(entry.release(), entry.objects(), chunks);
    }

    @Override
    public List<InventoryItem> inventory(int number) {
        List<InventoryItem> inventory = demand(number).inventory();
        return inventory == null ? List.of() : inventory;
    }

    @Override
    public HoldNotes holdNotes() {
        Path file = holdFile();
        return DirectoryFiles.read(file)
                .map(content -> HoldDocument.read(new String(content, StandardCharsets.UTF_8), file.toString()))
                .orElse(HoldNotes.NONE);
    }

    @Override
    public HoldNotes noteHold(UnaryOperator<HoldNotes> change) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            HoldNotes notes = change.apply(holdNotes());
            DirectoryFiles.write(holdFile(), HoldDocument.text(notes).getBytes(StandardCharsets.UTF_8), false);
            return notes;
        }
    }

    private Path holdFile() {
        return entries.resolve("hold.json");
    }

    /**
     * What the file of a release holds.
     *
     * @param inventory null while it has not ended
     */
    private record Entry(Release release, ObjectIndex objects, @Nullable List<InventoryItem> inventory) {}

    private Path file(int number) {
        return entries.resolve(number + ".json");
    }

    private void write(Entry entry) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("release", ReleaseDocument.of(entry.release()));
        tree.put("objects", entry.objects().toTree());
        tree.put("inventory", entry.inventory() == null ? null : ReleaseDocument.of(entry.inventory()));
        byte[] text = (Json.writePretty(tree) + "\n").getBytes(StandardCharsets.UTF_8);
        DirectoryFiles.write(file(entry.release().number()), text, false);
    }

    private Optional<Entry> read(Path file) {
        String place = file.toString();
        return DirectoryFiles.read(file).map(content -> {
            Object tree;
            try {
                tree = Json.read(new String(content, StandardCharsets.UTF_8));
            } catch (DeliveryException e) {
                throw e.where(place).hint("someone changed it by hand: mend it, or take it away");
            }
            Map<?, ?> map = tree instanceof Map<?, ?> one ? one : Map.of();
            Object inventory = map.get("inventory");
            return new Entry(
                    ReleaseDocument.read(map.get("release"), place),
                    ObjectIndex.read(map.get("objects"), place),
                    inventory == null ? null : ReleaseDocument.readInventory(inventory, place));
        });
    }

    private Entry demand(int number) {
        return read(file(number)).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_INPUT,
                        "release #" + number + " of " + app + " is not in the ledger of " + environment)
                .where(entries.toString())
                .hint("`history` lists what is"));
    }

    /** Chunks as files; those with Secrets are for their owner's eyes. */
    private record Chunks(Path directory) implements ChunkStore {

        private static final String PLAIN = ".gz";
        private static final String SECRET = ".secret.gz";

        @Override
        public Set<String> hashes(boolean secret) {
            return DirectoryFiles.list(directory, PLAIN).stream()
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SECRET) == secret)
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public void store(ChunkId chunk, byte[] compressed) {
            DirectoryFiles.write(file(chunk), compressed, chunk.secret());
        }

        @Override
        public Optional<byte[]> load(ChunkId chunk) {
            return DirectoryFiles.read(file(chunk));
        }

        private Path file(ChunkId chunk) {
            return directory.resolve(chunk.hash() + (chunk.secret() ? SECRET : PLAIN));
        }
    }
}
