package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.event.events.ProgressEvent;
import com.google.cloud.tools.jib.event.progress.ProgressEventHandler;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageLayer;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One run of Jib: a specification becomes the OCI image of one platform, in a place that needs no network. What goes to a
 * registry as it is, is made by {@link ImagePush} in the same form.
 *
 * <p>What decides the digest is set here, once for every destination. Files carry the fixed time 1970-01-01T00:00:01Z and
 * not the commit's, so that a layer whose files did not change is the same layer in the next commit; image and history
 * carry the commit's. Nothing depends on the machine or the clock.
 *
 * <p>Layers of base images are cached. Application layers are shared by the platforms of one build and not kept: Jib
 * recognises them by path and time of their sources, which are equal for two different jars of a build that is itself
 * reproducible.
 */
final class JibBuild {

    /** Stands in the image's history; a new one gives every image a new digest, so it is not Lockstep's version. */
    static final String HISTORY_VERSION = "1";

    static final String HISTORY_TOOL = "lockstep";

    static final String TASK = "building the image";

    private final ImageSpec spec;
    private final RegistryAccess access;
    private final Progress progress;
    private final ImagePlatform platform;
    private final Optional<ImageName> base;
    private final Map<String, String> labels;

    JibBuild(ImageSpec spec, ImagePlatform platform, ReadyBase base, RegistryAccess access, Progress progress) {
        this.spec = spec;
        this.access = access;
        this.progress = progress;
        this.platform = platform;
        this.base = base.image();
        this.labels = ReadyBase.labels(spec, List.of(base));
    }

    /** Returns where the base comes from, for messages. */
    String baseRegistry() {
        return base.map(ImageName::registry).orElse("of no base");
    }

    /** Builds and writes to a place that needs no network. */
    JibContainer writeTo(Containerizer destination, Workspace workspace)
            throws InterruptedException, IOException, RegistryException, ExecutionException,
                    CacheDirectoryCreationException, CacheCorruptedException {
        boolean plainHttp =
                base.filter(name -> access.allowsPlainHttp(name.registry())).isPresent();
        return run(destination.setAllowInsecureRegistries(plainHttp), workspace);
    }

    /** Returns how Jib is to log in at the registry of {@code image}. */
    private RegistryImage withLogin(ImageName image) {
        return RegistryImage.named(image.jib())
                .addCredentialRetriever(() -> access.credential(image.registry(), progress));
    }

    private JibContainer run(Containerizer destination, Workspace workspace)
            throws InterruptedException, IOException, RegistryException, ExecutionException,
                    CacheDirectoryCreationException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "lockstep-image");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return image().containerize(destination
                    .setExecutorService(threads)
                    .setBaseImageLayersCache(access.cacheDirectory())
                    .setApplicationLayersCache(workspace.layers())
                    .setToolName(HISTORY_TOOL)
                    .setToolVersion(HISTORY_VERSION)
                    .addEventHandler(LogEvent.class, event -> progress.detail(event.getMessage()))
                    .addEventHandler(LogEvent.class, new HopelessRetries(access.retries()))
                    .addEventHandler(
                            ProgressEvent.class,
                            new ProgressEventHandler(update -> progress.advance(TASK, update.getProgress()))));
        } finally {
            PushSession.end(threads);
        }
    }

    private JibContainerBuilder image() {
        JibContainerBuilder image = base.map(name -> Jib.from(withLogin(name))).orElseGet(Jib::fromScratch);
        image.setFormat(ImageFormat.OCI)
                .setPlatforms(Set.of(platform.jib()))
                .setCreationTime(spec.created())
                .setFileEntriesLayers(
                        spec.layers().stream().map(JibBuild::layer).toList())
                .setEnvironment(new TreeMap<>(spec.environment()))
                .setLabels(labels)
                .setUser(spec.user())
                .setExposedPorts(Ports.parse(
                        spec.ports().stream().sorted().map(String::valueOf).toList()))
                .setEntrypoint(spec.entrypoint())
                .setProgramArguments(spec.command());
        String directory = spec.workingDirectory();
        return image.setWorkingDirectory(directory == null ? null : AbsoluteUnixPath.get(directory));
    }

    private static FileEntriesLayer layer(ImageLayer layer) {
        return FileEntriesLayer.builder()
                .setName(layer.name())
                .setEntries(entries(layer))
                .build();
    }

    /** Returns the files of a layer as Jib packs them, the same for every destination. */
    static List<FileEntry> entries(ImageLayer layer) {
        return layer.entries().stream()
                .map(entry -> new FileEntry(
                        entry.source(),
                        AbsoluteUnixPath.get(entry.target()),
                        FilePermissions.fromOctalString(Integer.toOctalString(entry.mode())),
                        FileEntriesLayer.DEFAULT_MODIFICATION_TIME))
                .toList();
    }
}
