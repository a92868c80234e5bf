package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes to one repository, logged in where its registry wants that. Used by any number of threads. */
final class PushSession implements AutoCloseable {

    private final ImageName target;
    private final @Nullable String source;
    private final FailoverHttpClient http;
    private final RegistryClient client;

    /**
     * Logs in where the registry wants that.
     *
     * @param source a repository of the same registry that may have blobs already; null for none
     */
    PushSession(ImageName target, @Nullable String source, RegistryAccess access, Progress progress)
            throws IOException, RegistryException {
        this.target = target;
        this.source = source;
        this.http = new RegistryHttp(target.registry(), access);
        try {
            Credential credential =
                    access.credential(target.registry(), progress).orElse(null);
            this.client = factory().setCredential(credential).newRegistryClient();
            if (!client.doPushBearerAuth() && credential != null && !credential.isOAuth2RefreshToken()) {
                client.configureBasicAuth();
            }
        } catch (IOException | RegistryException | RuntimeException e) {
            http.shutDown();
            throw e;
        }
    }

    /** Asks for the manifest of an image and returns its layers; none where the registry has it no more. */
    Set<DescriptorDigest> layersOf(String manifestDigest) throws IOException, RegistryException {
        return client.checkManifest(manifestDigest)
                .map(found -> found.getManifest())
                .filter(BuildableManifestTemplate.class::isInstance)
                .map(manifest -> ((BuildableManifestTemplate) manifest)
                        .getLayers().stream()
                                .flatMap(layer -> Optional.ofNullable(layer.getDigest()).stream())
                                .collect(Collectors.toUnmodifiableSet()))
                .orElse(Set.of());
    }

    boolean has(DescriptorDigest blob) throws IOException, RegistryException {
        return client.checkBlob(blob).isPresent();
    }

    /** Sends a blob, or has the registry take it from the other repository. */
    void send(DescriptorDigest digest, Blob blob) throws IOException, RegistryException {
        client.pushBlob(digest, blob, source, bytes -> {});
    }

    void pushManifest(ManifestTemplate manifest, String qualifier)
            throws IOException, RegistryException, InterruptedException {
        // A request takes no notice of it.
        if (Thread.interrupted()) {
            throw new InterruptedException("before the manifest " + qualifier + " of " + target);
        }
        client.pushManifest(manifest, qualifier);
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }

    static ExecutorService threads(int count) {
        return Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, "lockstep-push");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Stops and waits: the files go away next, and nobody must be reading them then. */
    static void end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RegistryClient.Factory factory() {
        return source == null
                ? RegistryClient.factory(EventHandlers.NONE, target.registry(), target.path(), http)
                : RegistryClient.factory(EventHandlers.NONE, target.registry(), target.path(), source, http);
    }
}
