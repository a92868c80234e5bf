package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.blob.BlobDescriptor;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.cache.Cache;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.cache.CachedLayer;
import com.google.cloud.tools.jib.hash.Digests;
import com.google.cloud.tools.jib.image.Image;
import com.google.cloud.tools.jib.image.Layer;
import com.google.cloud.tools.jib.image.ReproducibleLayerBuilder;
import com.google.cloud.tools.jib.image.json.ImageToJsonTranslator;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.common.collect.ImmutableList;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageLayer;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the image of one platform and brings it to a registry, each layer as soon as it is packed, in as few requests as it
 * takes to be sure.
 *
 * <p>The manifest of the image that was pushed before ({@link LastPush}) says in one request which layers the registry
 * has. Of these, one whose files are known ({@link BuiltLayers}) is neither packed nor asked for. Any other layer is asked
 * for and sent if the registry lacks it; a small one that the image before lacks is sent at once. A registry that refuses
 * the manifest all the same has lost a layer: then every layer is packed and asked for.
 *
 * <p>The tag comes last: whatever goes wrong before leaves none behind.
 */
final class ImagePush {

    private static final int AT_A_TIME = 6;
    private static final long SENT_UNASKED = 64 * 1024;

    private final ImageSpec spec;
    private final ImageName target;
    private final ReadyBase base;
    private final Workspace workspace;
    private final RegistryAccess access;
    private final Progress progress;
    private final ImageBlueprint blueprint;
    private final BuiltLayers built;
    private final LastPush last;
    private boolean begun;

    ImagePush(
            ImageSpec spec,
            ImagePlatform platform,
            ReadyBase base,
            ImageName target,
            Workspace workspace,
            RegistryAccess access,
            Progress progress) {
        this.spec = spec;
        this.target = target;
        this.base = base;
        this.workspace = workspace;
        this.access = access;
        this.progress = progress;
        this.blueprint = new ImageBlueprint(spec, platform, ReadyBase.labels(spec, List.of(base)));
        this.built = new BuiltLayers(access.cacheDirectory());
        this.last = new LastPush(access.cacheDirectory(), target);
    }

    /**
     * Returns the digest. May be called again after a failure: what has arrived is not sent again.
     *
     * @param source a repository of the same registry that may have blobs already; null for none
     */
    String push(@Nullable String source)
            throws IOException, RegistryException, CacheDirectoryCreationException, CacheCorruptedException,
                    ExecutionException, InterruptedException {
        boolean first = !begun;
        begun = true;
        ExecutorService reading = PushSession.threads(Runtime.getRuntime().availableProcessors());
        ExecutorService threads = PushSession.threads(AT_A_TIME);
        List<Packing> packings = packings(reading);
        try (var registry = new PushSession(target, source, access, progress);
                BaseImage below = base()) {
            return push(registry, below, packings, first, threads);
        } finally {
            PushSession.end(reading);
            PushSession.end(threads);
        }
    }

    /**
     * Reads all files while the registry is asked what it has; the topmost layers first: they change most, so they can be sent
     * while the others are read.
     */
    private List<Packing> packings(ExecutorService reading) {
        var packings = new ArrayDeque<Packing>();
        for (int i = spec.layers().size() - 1; i >= 0; i--) {
            ImageLayer layer = spec.layers().get(i);
            if (!layer.entries().isEmpty()) {
                packings.addFirst(new Packing(layer, reading.submit(() -> BuiltLayers.key(layer))));
            }
        }
        return List.copyOf(packings);
    }

    private String push(
            PushSession registry,
            @Nullable BaseImage below,
            List<Packing> packings,
            boolean first,
            ExecutorService threads)
            throws IOException, RegistryException, CacheDirectoryCreationException, CacheCorruptedException,
                    ExecutionException, InterruptedException {
        try {
            Image image = below == null ? blueprint.scratch() : below.image();
            Optional<String> before = last.digest();
            Set<DescriptorDigest> there = before.isPresent() ? registry.layersOf(before.get()) : Set.of();
            OciManifestTemplate manifest =
                    new Attempt(registry, below, image, there, first, threads).pushBlobs(packings);
            try {
                registry.pushManifest(manifest, target.qualifier());
            } catch (IOException | RegistryException e) {
                if (there.isEmpty() || !isRefusal(e)) {
                    throw e;
                }
                progress.detail("the registry lacks a layer of the image before: asking for each");
                last.forget();
                manifest = new Attempt(registry, below, image, Set.of(), false, threads).pushBlobs(packings);
                registry.pushManifest(manifest, target.qualifier());
            }
            String digest = Digests.computeJsonDigest(manifest).toString();
            last.remember(digest);
            return digest;
        } finally {
            // What they use is closed next.
            PushSession.end(threads);
        }
    }

    /**
     * A layer and what it will be recognised by.
     *
     * @param key being computed
     */
    private record Packing(ImageLayer layer, Future<String> key) {}

    private @Nullable BaseImage base() throws CacheDirectoryCreationException {
        return base.image().isPresent() ? new BaseImage(base.image().get(), access, progress) : null;
    }

    /** Registries have different names for it: the manifest as such is what they don't want. */
    private static boolean isRefusal(Exception failure) {
        int status = JibFailures.status(failure);
        return status >= 400 && status < 500 && status != 401 && status != 403 && status != 429;
    }

    /** One way through all blobs. */
    private final class Attempt {

        private final PushSession registry;
        private final @Nullable BaseImage below;
        private final Image image;
        private final Set<DescriptorDigest> there;
        private final boolean first;
        private final ExecutorService threads;
        private final Set<DescriptorDigest> seen = ConcurrentHashMap.newKeySet();

        Attempt(
                PushSession registry,
                @Nullable BaseImage below,
                Image image,
                Set<DescriptorDigest> there,
                boolean first,
                ExecutorService threads) {
            this.registry = registry;
            this.below = below;
            this.image = image;
            this.there = there;
            this.first = first;
            this.threads = threads;
            this.seen.addAll(there);
        }

        /** Sees that the registry has every blob; returns what names them. */
        OciManifestTemplate pushBlobs(List<Packing> mine)
                throws IOException, RegistryException, CacheDirectoryCreationException, ExecutionException,
                        InterruptedException {
            Cache layers = Cache.withDirectory(workspace.layers());
            List<ImageBlueprint.Named> named = new ArrayList<>();
            List<Future<Layer>> base = image.getLayers().stream()
                    .map(layer -> threads.submit(ofBase(layer)))
                    .toList();
            var ours = new ArrayDeque<Future<Layer>>();
            for (int i = mine.size() - 1; i >= 0; i--) {
                ours.addFirst(threads.submit(ofApplication(mine.get(i), layers)));
            }
            List<Layer> pushed =
                    results(Stream.concat(base.stream(), ours.stream()).toList());
            int lower = base.size();
            for (int i = 0; i < mine.size(); i++) {
                named.add(new ImageBlueprint.Named(mine.get(i).layer().name(), pushed.get(lower + i)));
            }
            var json = new ImageToJsonTranslator(blueprint.image(image, named));
            var configuration = json.getContainerConfiguration();
            BlobDescriptor descriptor = Digests.computeDigest(configuration);
            if (isSentUnasked(descriptor) || !registry.has(descriptor.getDigest())) {
                registry.send(descriptor.getDigest(), Blobs.from(configuration));
            }
            progress.advance(JibBuild.TASK, 1);
            return json.getManifestTemplate(OciManifestTemplate.class, descriptor);
        }

        private List<Layer> results(List<Future<Layer>> layers) throws ExecutionException, InterruptedException {
            List<Layer> done = new ArrayList<>();
            for (Future<Layer> layer : layers) {
                done.add(layer.get());
                progress.advance(JibBuild.TASK, done.size() / (layers.size() + 1.0));
            }
            return done;
        }

        private Callable<Layer> ofBase(Layer layer) {
            return () -> {
                DescriptorDigest digest = layer.getBlobDescriptor().getDigest();
                if (below != null && seen.add(digest) && !registry.has(digest)) {
                    registry.send(digest, below.layer(digest).getBlob());
                }
                return layer;
            };
        }

        private Callable<Layer> ofApplication(Packing packing, Cache layers) {
            return () -> {
                ImageLayer layer = packing.layer();
                String key = packing.key().get();
                Optional<Layer> known = built.get(key);
                if (known.isPresent()
                        && there.contains(known.get().getBlobDescriptor().getDigest())) {
                    return known.get();
                }
                progress.detail("packing the layer " + layer.name());
                CachedLayer packed = pack(layer, layers);
                if (seen.add(packed.getDigest())
                        && (isSentUnasked(packed.getBlobDescriptor()) || !registry.has(packed.getDigest()))) {
                    registry.send(packed.getDigest(), packed.getBlob());
                }
                // A file that changed meanwhile would be remembered as what it was before.
                if (key.equals(BuiltLayers.key(layer))) {
                    built.put(key, packed);
                }
                return packed;
            };
        }

        /**
         * What the image before lacks is new to the registry, most likely: then a question costs more than a few KB. After a
         * failure it may have arrived.
         */
        private boolean isSentUnasked(BlobDescriptor blob) {
            return first && !there.isEmpty() && blob.getSize() <= SENT_UNASKED;
        }

        /** Within one build, Jib's cache knows what was packed before a failure. */
        private static CachedLayer pack(ImageLayer layer, Cache layers) throws IOException, CacheCorruptedException {
            ImmutableList<FileEntry> entries = ImmutableList.copyOf(JibBuild.entries(layer));
            Optional<CachedLayer> packed = layers.retrieve(entries);
            return packed.isPresent()
                    ? packed.get()
                    : layers.writeUncompressedLayer(new ReproducibleLayerBuilder(entries).build(), entries);
        }
    }
}
