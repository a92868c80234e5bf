package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Brings an index from a layout to a registry: blobs that the registry lacks, each once; manifests by their digests; at
 * the very end the index by its tag. Whatever goes wrong before leaves no tag behind.
 */
final class IndexPush implements AutoCloseable {

    private static final int AT_A_TIME = 4;
    private static final String TASK = "pushing the image";

    private final ImageName target;
    private final Progress progress;
    private final PushSession registry;

    /**
     * Logs in where the registry wants that.
     *
     * @param source a repository of the same registry that may have blobs already; null for none
     */
    IndexPush(ImageName target, @Nullable String source, RegistryAccess access, Progress progress)
            throws IOException, RegistryException {
        this.target = target;
        this.progress = progress;
        this.registry = new PushSession(target, source, access, progress);
    }

    void push(OciIndex index, OciLayout layout)
            throws IOException, RegistryException, ExecutionException, InterruptedException {
        Map<String, ManifestTemplate> manifests = new LinkedHashMap<>();
        Map<DescriptorDigest, Path> blobs = new LinkedHashMap<>();
        for (String digest : index.digests()) {
            var manifest = JsonTemplateMapper.readJsonFromFile(layout.path(digest), OciManifestTemplate.class);
            List<ContentDescriptorTemplate> parts = new ArrayList<>(manifest.getLayers());
            ContentDescriptorTemplate configuration = manifest.getContainerConfiguration();
            if (configuration != null) {
                parts.add(configuration);
            }
            for (ContentDescriptorTemplate part : parts) {
                DescriptorDigest blob = part.getDigest();
                if (blob != null) {
                    blobs.put(blob, layout.path(blob.toString()));
                }
            }
            manifests.put(digest, manifest);
        }
        pushBlobs(blobs);
        for (Map.Entry<String, ManifestTemplate> manifest : manifests.entrySet()) {
            registry.pushManifest(manifest.getValue(), manifest.getKey());
        }
        registry.pushManifest(index, target.qualifier());
    }

    @Override
    public void close() throws IOException {
        registry.close();
    }

    private void pushBlobs(Map<DescriptorDigest, Path> blobs) throws ExecutionException, InterruptedException {
        ExecutorService threads = PushSession.threads(AT_A_TIME);
        try {
            var pushes = new ExecutorCompletionService<Void>(threads);
            blobs.forEach((digest, file) -> pushes.submit(pushOf(digest, file)));
            for (int i = 0; i < blobs.size(); i++) {
                pushes.take().get();
                progress.advance(TASK, (i + 1.0) / blobs.size());
            }
        } finally {
            PushSession.end(threads);
        }
    }

    private Callable<Void> pushOf(DescriptorDigest digest, Path file) {
        return () -> {
            if (!registry.has(digest)) {
                registry.send(digest, Blobs.from(file));
            }
            return null;
        };
    }
}
