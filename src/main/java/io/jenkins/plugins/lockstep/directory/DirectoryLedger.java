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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
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
    private final Path ledger;
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
        this.ledger = directory.resolve("ledger");
        this.entries = ledger.resolve(DirectoryFiles.part("the application", app))
                .resolve(DirectoryFiles.part("the environment", environment));
        this.chunks = new Chunks(ledger.resolve("objects"));
        this.lock = new DirectoryLock(directory.resolve(".lockstep"), "ledger.lock");
    }

    @Override
    public List<Release> list() {
        var releases = new ArrayList<Release>();
        entryFiles(entries).forEach(file -> tree(file)
                .ifPresent(tree -> releases.add(ReleaseDocument.read(tree.get("release"), file.toString()))));
        return new ReleaseLog(releases).releases();
    }

    @Override
    public Release begin(Release draft, List<RenderedObject> objects) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            int newest = newest();
            // All environments share the chunks: one that is used again here must not be collected there meanwhile.
            ObjectIndex index = ObjectArchive.store(objects, known(newest, draft), chunks);
            Release begun = draft.numbered(newest + 1);
            write(new Entry(begun, index, null));
            return begun;
        }
    }

    /** Returns the newest number, 0 where there is no release. */
    private int newest() {
        return entryFiles(entries)
                .map(file -> file.getFileName().toString())
                .mapToInt(name -> Integer.parseInt(name.substring(0, name.indexOf('.'))))
                .max()
                .orElse(0);
    }

    /** The files of releases: there are others beside them. */
    private static Stream<Path> entryFiles(Path directory) {
        return DirectoryFiles.list(directory, ".json").stream()
                .filter(file -> ENTRY.matcher(file.getFileName().toString()).matches());
    }

    /** Returns where most of the objects are already: in the newest release, and in the one that is brought back. */
    private List<ObjectIndex> known(int newest, Release draft) {
        return Stream.concat(Stream.of(newest), Stream.ofNullable(draft.rollbackOf()))
                .distinct()
                .flatMap(number -> read(file(number)).stream())
                .flatMap(entry -> Stream.ofNullable(entry.objects()))
                .toList();
    }

    @Override
    public void note(Release release) {
        end(release, null);
    }

    @Override
    public void finish(Release release, List<InventoryItem> inventory) {
        end(release, inventory);
    }

    private void end(Release release, @Nullable List<InventoryItem> inventory) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Entry entry = demand(release.number());
            Verdict verdict = entry.release().verdict();
            if (verdict != null) {
                throw DeliveryException.of(
                                Problem.LOCKED, "release #" + release.number() + " was ended by someone else meanwhile")
                        .where(file(release.number()).toString())
                        .why("it is recorded as " + verdict.code().word() + ": " + verdict.message())
                        .hint("look at lockstep history " + environment
                                + "; the next deploy makes the environment match its own revision");
            }
            // Somebody may have pinned it while it ran.
            Release changed = release.keptFor(entry.release().pinned());
            write(new Entry(changed, entry.objects(), inventory));
        }
    }

    @Override
    public List<RenderedObject> objects(int number) {
        Entry entry = demand(number);
        ObjectIndex index = entry.objects();
        if (index == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "what release #" + number + " rendered is no longer kept")
                    .where(file(number).toString())
                    .hint("deploy its revision again from the repository: "
                            + entry.release().revision());
        }
        return ObjectArchive.load(entry.release(), index, chunks);
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

    @Override
    public Release pin(int number, boolean pinned) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Entry entry = demand(number);
            Release release = entry.release().keptFor(pinned);
            write(new Entry(release, entry.objects(), entry.inventory()));
            return release;
        }
    }

    @Override
    public boolean forget(Release release) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Optional<Entry> entry = read(file(release.number()));
            if (entry.isEmpty() || !entry.get().release().equals(release)) {
                return false;
            }
            write(new Entry(release.withoutPayload(), null, null));
            return true;
        }
    }

    @Override
    public Set<ChunkId> needed(Set<Integer> without) {
        var needed = new HashSet<ChunkId>();
        for (Path anyApp : DirectoryFiles.children(ledger)) {
            if (Files.isDirectory(anyApp) && !anyApp.equals(chunks.directory())) {
                for (Path anyEnvironment : DirectoryFiles.children(anyApp)) {
                    boolean own = anyEnvironment.equals(entries);
                    entryFiles(anyEnvironment).forEach(file -> read(file)
                            .filter(entry ->
                                    !own || !without.contains(entry.release().number()))
                            .filter(entry -> !entry.release().collected())
                            .ifPresent(entry -> needed.addAll(index(entry, file).chunks())));
                }
            }
        }
        return needed;
    }

    /** What no longer says what it needs may need anything. */
    private static ObjectIndex index(Entry entry, Path file) {
        if (entry.objects() == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this entry of the ledger is damaged")
                    .where(file.toString())
                    .why("it no longer says where its objects are, and nobody gave them up")
                    .hint("someone changed it by hand: mend it, or take it away");
        }
        return entry.objects();
    }

    @Override
    public List<StoredChunk> chunks(boolean secret) {
        return chunks.list(secret);
    }

    /** Looks once more whether nobody needs them: another environment may have begun to use one again. */
    @Override
    public void delete(List<StoredChunk> unneeded, Runnable check) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Set<ChunkId> needed = needed(Set.of());
            check.run();
            unneeded.stream().filter(chunk -> !needed.contains(chunk.id())).forEach(chunks::delete);
        }
    }

    /**
     * What the file of a release holds.
     *
     * @param objects null where the payload was given up
     * @param inventory null while it has not ended
     */
    private record Entry(Release release, @Nullable ObjectIndex objects, @Nullable List<InventoryItem> inventory) {}

    private Path file(int number) {
        return entries.resolve(number + ".json");
    }

    private void write(Entry entry) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("release", ReleaseDocument.of(entry.release()));
        tree.put("objects", entry.objects() == null ? null : entry.objects().toTree());
        tree.put("inventory", entry.inventory() == null ? null : ReleaseDocument.of(entry.inventory()));
        byte[] text = (Json.writePretty(tree) + "\n").getBytes(StandardCharsets.UTF_8);
        DirectoryFiles.write(file(entry.release().number()), text, false);
    }

    private Optional<Entry> read(Path file) {
        String place = file.toString();
        return tree(file).map(tree -> {
            Object objects = tree.get("objects");
            Object inventory = tree.get("inventory");
            return new Entry(
                    ReleaseDocument.read(tree.get("release"), place),
                    objects == null ? null : ObjectIndex.read(objects, place),
                    inventory == null ? null : ReleaseDocument.readInventory(inventory, place));
        });
    }

    private static Optional<Map<?, ?>> tree(Path file) {
        return DirectoryFiles.read(file).map(content -> {
            try {
                return Json.read(new String(content, StandardCharsets.UTF_8)) instanceof Map<?, ?> map ? map : Map.of();
            } catch (DeliveryException e) {
                throw e.where(file.toString()).hint("someone changed it by hand: mend it, or take it away");
            }
        });
    }

    private Entry demand(int number) {
        return read(file(number)).orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_INPUT,
                        "release #" + number + " of " + app + " is not in the ledger of " + environment)
                .where(entries.toString())
                .hint("see lockstep history " + environment));
    }

    /** Chunks as files; those with Secrets are for their owner's eyes. */
    private record Chunks(Path directory) implements ChunkStore {

        private static final String PLAIN = ".gz";
        private static final String SECRET = ".secret.gz";

        @Override
        public boolean has(ChunkId chunk) {
            return Files.isRegularFile(file(chunk));
        }

        @Override
        public void store(ChunkId chunk, byte[] compressed) {
            if (!has(chunk)) {
                DirectoryFiles.write(file(chunk), compressed, chunk.secret());
            }
        }

        @Override
        public Optional<byte[]> load(ChunkId chunk) {
            return DirectoryFiles.read(file(chunk));
        }

        List<StoredChunk> list(boolean secret) {
            var stored = new ArrayList<StoredChunk>();
            for (Path file : DirectoryFiles.list(directory, secret ? SECRET : PLAIN)) {
                String name = file.getFileName().toString();
                String hash = name.substring(0, name.indexOf('.'));
                if (name.endsWith(SECRET) == secret && ChunkId.isHash(hash)) {
                    DirectoryFiles.modified(file)
                            .ifPresent(time ->
                                    stored.add(new StoredChunk(new ChunkId(hash, secret), time, time.toString())));
                }
            }
            return List.copyOf(stored);
        }

        void delete(StoredChunk chunk) {
            Path file = file(chunk.id());
            if (DirectoryFiles.modified(file).map(Object::toString).equals(Optional.of(chunk.incarnation()))) {
                DirectoryFiles.delete(file);
            }
        }

        private Path file(ChunkId chunk) {
            return directory.resolve(chunk.hash() + (chunk.secret() ? SECRET : PLAIN));
        }
    }
}
