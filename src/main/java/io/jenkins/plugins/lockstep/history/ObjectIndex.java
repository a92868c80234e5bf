package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the objects of one release are.
 *
 * @param items one for each object, in the release's order
 */
public record ObjectIndex(List<Item> items) {

    public ObjectIndex {
        items = List.copyOf(items);
    }

    /**
     * One object.
     *
     * @param hash SHA-256 of its stored form
     * @param chunks where it is: one, or several for an object that is larger than a chunk
     * @param offset its first byte in the first chunk's content
     * @param size its bytes
     */
    public record Item(String hash, List<ChunkId> chunks, int offset, int size) {
        public Item {
            chunks = List.copyOf(chunks);
        }
    }

    /** Returns every chunk that the release needs, each once. */
    public Set<ChunkId> chunks() {
        var chunks = new LinkedHashSet<ChunkId>();
        items.forEach(item -> chunks.addAll(item.chunks()));
        return chunks;
    }

    /** Writes the index as a plain tree; chunks are numbered, because many objects share one. */
    public Map<String, @Nullable Object> toTree() {
        var numbers = new HashMap<ChunkId, Integer>();
        var chunkTrees = new ArrayList<Map<String, @Nullable Object>>();
        for (ChunkId chunk : chunks()) {
            numbers.put(chunk, numbers.size());
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("hash", chunk.hash());
            tree.put("secret", chunk.secret());
            chunkTrees.add(tree);
        }
        var itemTrees = new ArrayList<Map<String, @Nullable Object>>();
        for (Item item : items) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("hash", item.hash());
            tree.put("chunks", item.chunks().stream().map(numbers::get).toList());
            tree.put("offset", item.offset());
            tree.put("size", item.size());
            itemTrees.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("chunks", chunkTrees);
        tree.put("items", itemTrees);
        return tree;
    }

    /**
     * Reads an index.
     *
     * @param tree what {@link #toTree()} wrote
     * @param place where it was found, for errors
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is not readable
     */
    public static ObjectIndex read(@Nullable Object tree, String place) {
        Fields fields = Fields.of(tree, place);
        List<ChunkId> chunks = fields.maps("chunks").stream()
                .map(chunk -> {
                    if (!ChunkId.isHash(chunk.text("hash"))) {
                        throw chunk.damaged("hash");
                    }
                    return new ChunkId(chunk.text("hash"), chunk.flag("secret"));
                })
                .toList();
        return new ObjectIndex(fields.maps("items").stream()
                .map(item -> new Item(
                        item.text("hash"),
                        item.numbers("chunks").stream()
                                .map(number -> {
                                    if (number >= chunks.size()) {
                                        throw item.damaged("chunks");
                                    }
                                    return chunks.get(number);
                                })
                                .toList(),
                        item.number("offset"),
                        item.number("size")))
                .toList());
    }
}
