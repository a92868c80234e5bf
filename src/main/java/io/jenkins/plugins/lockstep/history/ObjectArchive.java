package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Gzip;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rendered objects in the form in which ledgers keep them: lines of JSON, packed into compressed chunks that are named
 * by their content and shared between releases.
 *
 * <p>A release stores only the objects that no chunk has yet; small ones go together, one that is larger than a chunk
 * goes into several. Objects of {@code kind: Secret} never share a chunk with others. Besides the objects themselves at
 * most one chunk of each sort is in memory while storing.
 */
public final class ObjectArchive {

    /** The most bytes of a stored chunk, half of what a ConfigMap may hold: 512 KiB. */
    public static final int MOST_STORED_BYTES = 512 * 1024;

    /** The most bytes of a chunk's content: gzip makes what it can't compress larger by less than 1 KiB. */
    static final int MOST_CONTENT_BYTES = MOST_STORED_BYTES - 1024;

    /** The most bytes of all objects of a release: more would not be a deploy but an attack on memory. */
    private static final int MOST_RELEASE_BYTES = 64 * 1024 * 1024;

    private ObjectArchive() {}

    /**
     * Stores objects.
     *
     * @param known indexes of earlier releases, whose chunks are used again as far as {@code store} still has them
     * @return where the objects are, in their order
     * @throws DeliveryException {@link Problem#BAD_INPUT} where they are more than 64 MiB; and whatever the store throws
     */
    public static ObjectIndex store(List<RenderedObject> objects, List<ObjectIndex> known, ChunkStore store) {
        var packing = new Packing(known, store);
        long total = 0;
        for (RenderedObject object : objects) {
            byte[] line = Json.write(tree(object)).getBytes(StandardCharsets.UTF_8);
            total += line.length;
            if (total > MOST_RELEASE_BYTES) {
                throw DeliveryException.of(Problem.BAD_INPUT, "the rendered objects are too large for one release")
                        .why("together they are more than 64 MiB")
                        .hint("split the application, or keep large data out of its manifests");
            }
            packing.add(line, isSecret(object));
        }
        return packing.finish();
    }

    /**
     * Reads the objects of a release back, checking every byte against its hash.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} naming release and chunk, where one is missing or damaged; and
     *     whatever the store throws
     */
    public static List<RenderedObject> load(Release release, ObjectIndex index, ChunkStore store) {
        long total = index.items().stream().mapToLong(ObjectIndex.Item::size).sum();
        if (total > MOST_RELEASE_BYTES) {
            throw unreadable(release, "its index asks for " + total + " bytes");
        }
        var contents = new HashMap<ChunkId, byte[]>();
        var objects = new ArrayList<RenderedObject>(index.items().size());
        for (ObjectIndex.Item item : index.items()) {
            for (ChunkId chunk : item.chunks()) {
                if (!contents.containsKey(chunk)) {
                    contents.put(chunk, content(release, chunk, store));
                }
            }
            objects.add(object(release, item, contents));
        }
        return List.copyOf(objects);
    }

    private static boolean isSecret(RenderedObject object) {
        return object.key().group().isEmpty() && object.key().kind().equals("Secret");
    }

    private static Map<String, @Nullable Object> tree(RenderedObject object) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", object.apiVersion());
        tree.put("kind", object.key().kind());
        tree.put("namespace", object.key().namespace());
        tree.put("name", object.key().name());
        tree.put("replicas", object.replicas());
        tree.put("object", object.tree());
        return tree;
    }

    private static RenderedObject object(Release release, ObjectIndex.Item item, Map<ChunkId, byte[]> contents) {
        var bytes = new ByteArrayOutputStream(item.size());
        int offset = item.offset();
        for (ChunkId chunk : item.chunks()) {
            byte[] content = contents.getOrDefault(chunk, new byte[0]);
            int length = Math.min(content.length - offset, item.size() - bytes.size());
            if (length < 0) {
                throw unreadable(release, "chunk " + chunk.hash() + " is shorter than its index says");
            }
            bytes.write(content, offset, length);
            offset = 0;
        }
        byte[] line = bytes.toByteArray();
        if (!Sha256.hex(line).equals(item.hash())) {
            throw unreadable(release, "an object in chunk " + name(item) + " does not match its hash");
        }
        Fields fields = Fields.of(Json.read(new String(line, StandardCharsets.UTF_8)), place(release));
        String apiVersion = fields.text("apiVersion");
        return new RenderedObject(
                apiVersion,
                new ResourceKey(
                        ResourceKey.groupOf(apiVersion),
                        fields.text("kind"),
                        fields.text("namespace"),
                        fields.text("name")),
                fields.tree("object"),
                fields.optionalNumber("replicas"),
                null);
    }

    private static String name(ObjectIndex.Item item) {
        return item.chunks().isEmpty() ? "(none)" : item.chunks().get(0).hash();
    }

    private static byte[] content(Release release, ChunkId chunk, ChunkStore store) {
        byte[] compressed =
                store.load(chunk).orElseThrow(() -> unreadable(release, "its chunk " + chunk.hash() + " is missing"));
        byte[] content;
        try {
            content = Gzip.decompress(compressed, MOST_CONTENT_BYTES);
        } catch (IOException e) {
            throw unreadable(release, "its chunk " + chunk.hash() + " is damaged")
                    .causedBy(e);
        }
        if (!Sha256.hex(content).equals(chunk.hash())) {
            throw unreadable(release, "its chunk " + chunk.hash() + " is damaged");
        }
        return content;
    }

    private static DeliveryException unreadable(Release release, String why) {
        return DeliveryException.of(
                        Problem.BAD_INPUT, "what release #" + release.number() + " rendered can't be read back")
                .where(place(release))
                .why(why)
                .hint("choose another release, or deploy its revision again from the repository: "
                        + release.revision());
    }

    private static String place(Release release) {
        return "release #" + release.number() + " of " + release.app() + " in " + release.environment();
    }

    /** One release on its way into chunks. */
    private static final class Packing {

        private final ChunkStore store;
        private final Map<String, ObjectIndex.Item> earlier = new HashMap<>();
        private final Map<String, ObjectIndex.Item> found = new HashMap<>();
        private final List<String> order = new ArrayList<>();
        private final OpenChunk plain = new OpenChunk(false);
        private final OpenChunk secret = new OpenChunk(true);

        Packing(List<ObjectIndex> known, ChunkStore store) {
            this.store = store;
            known.forEach(index -> index.items().forEach(item -> earlier.putIfAbsent(item.hash(), item)));
        }

        void add(byte[] line, boolean isSecret) {
            String hash = Sha256.hex(line);
            order.add(hash);
            OpenChunk chunk = isSecret ? secret : plain;
            if (found.containsKey(hash) || chunk.holds(hash)) {
                return;
            }
            ObjectIndex.Item item = earlier.get(hash);
            if (item != null && item.chunks().stream().allMatch(chunk::isStored)) {
                found.put(hash, item);
            } else {
                chunk.add(hash, line);
            }
        }

        ObjectIndex finish() {
            plain.close();
            secret.close();
            return new ObjectIndex(order.stream()
                    .map(hash -> Optional.ofNullable(found.get(hash)).orElseThrow())
                    .toList());
        }

        /** A chunk that still takes objects. */
        private final class OpenChunk {

            private record Range(int offset, int size) {}

            private final boolean isSecret;
            private final ByteArrayOutputStream content = new ByteArrayOutputStream();
            private final Map<String, Range> ranges = new LinkedHashMap<>();
            private final Map<ChunkId, Boolean> stored = new HashMap<>();

            OpenChunk(boolean isSecret) {
                this.isSecret = isSecret;
            }

            boolean holds(String hash) {
                return ranges.containsKey(hash);
            }

            boolean isStored(ChunkId chunk) {
                return chunk.secret() == isSecret && stored.computeIfAbsent(chunk, store::has);
            }

            void add(String hash, byte[] line) {
                if (content.size() + line.length > MOST_CONTENT_BYTES) {
                    close();
                }
                if (line.length <= MOST_CONTENT_BYTES) {
                    ranges.put(hash, new Range(content.size(), line.length));
                    content.writeBytes(line);
                    return;
                }
                var chunks = new ArrayList<ChunkId>();
                for (int from = 0; from < line.length; from += MOST_CONTENT_BYTES) {
                    chunks.add(put(Arrays.copyOfRange(line, from, Math.min(line.length, from + MOST_CONTENT_BYTES))));
                }
                found.put(hash, new ObjectIndex.Item(hash, chunks, 0, line.length));
            }

            void close() {
                if (ranges.isEmpty()) {
                    return;
                }
                ChunkId chunk = put(content.toByteArray());
                ranges.forEach((hash, range) ->
                        found.put(hash, new ObjectIndex.Item(hash, List.of(chunk), range.offset(), range.size())));
                ranges.clear();
                content.reset();
            }

            private ChunkId put(byte[] bytes) {
                var chunk = new ChunkId(Sha256.hex(bytes), isSecret);
                store.store(chunk, Gzip.compress(bytes));
                return chunk;
            }
        }
    }
}
