package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.ChunkStore;
import io.jenkins.plugins.lockstep.history.Ledger.StoredChunk;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chunks as ConfigMaps, and as Secrets where they hold Secrets. */
record KubeChunks(KubeClient client, String namespace, LedgerNames names) implements ChunkStore {

    private static final String CHUNK_KEY = "objects.gz";

    @Override
    public boolean has(ChunkId chunk) {
        return client.isThere(kind(chunk.secret()), namespace, names.chunk(chunk));
    }

    @Override
    public void store(ChunkId chunk, byte[] compressed) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", names.chunk(chunk));
        metadata.put("labels", names.labels(LedgerNames.OBJECTS));
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("apiVersion", "v1");
        object.put("kind", kind(chunk.secret()).kind());
        object.put("metadata", metadata);
        object.put("immutable", true);
        object.put(dataField(chunk), Map.of(CHUNK_KEY, Base64.getEncoder().encodeToString(compressed)));
        try {
            // One that is there already has this very content: that is what its name says.
            client.create(kind(chunk.secret()), namespace, object);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_UNAVAILABLE || load(chunk).isEmpty()) {
                throw e;
            }
        }
    }

    @Override
    public Optional<byte[]> load(ChunkId chunk) {
        return client.get(kind(chunk.secret()), namespace, names.chunk(chunk))
                .map(object -> decoded(Tree.text(object, dataField(chunk), CHUNK_KEY)));
    }

    /** Lists what is there, each once. */
    List<StoredChunk> list(boolean secret) {
        var stored = new LinkedHashMap<ChunkId, StoredChunk>();
        client.each(kind(secret), namespace, names.selector(LedgerNames.OBJECTS), true, object -> {
            String name = Tree.text(object, "metadata", "name");
            String hash = name.substring(name.lastIndexOf('-') + 1);
            if (ChunkId.isHash(hash)) {
                var id = new ChunkId(hash, secret);
                stored.put(
                        id,
                        new StoredChunk(
                                id,
                                Instant.parse(Tree.text(object, "metadata", "creationTimestamp")),
                                Tree.text(object, "metadata", "uid")));
            }
        });
        return List.copyOf(stored.values());
    }

    /** Deletes a chunk as it was listed. */
    void delete(StoredChunk chunk) {
        client.delete(kind(chunk.id().secret()), namespace, names.chunk(chunk.id()), chunk.incarnation());
    }

    /** What is no base64 is no chunk either; its hash will say so. */
    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static String dataField(ChunkId chunk) {
        return chunk.secret() ? "data" : "binaryData";
    }

    private static ServedKind kind(boolean secret) {
        return secret ? KubeClient.SECRETS : KubeClient.CONFIG_MAPS;
    }
}
