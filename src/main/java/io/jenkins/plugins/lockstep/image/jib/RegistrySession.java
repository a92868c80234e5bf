package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one image of one registry, by that registry's own rules; logs in when, and only when, it is asked to. */
final class RegistrySession implements AutoCloseable {

    private final ImageName image;
    private final RegistryAccess access;
    private final Progress progress;
    private final FailoverHttpClient http;
    private RegistryClient client;

    RegistrySession(ImageName image, RegistryAccess access, Progress progress) {
        this.image = image;
        this.access = access;
        this.progress = progress;
        this.http = new FailoverHttpClient(
                access.allowsPlainHttp(image.registry()), false, new HopelessRetries(access.retries()));
        this.client = client(null);
    }

    ManifestAndDigest<?> manifest(String qualifier) throws IOException, RegistryException {
        return this.<ManifestAndDigest<ManifestTemplate>>loggedInAsNeeded(() -> client.pullManifest(qualifier));
    }

    /** Reads a small blob, a configuration, whole. */
    String text(DescriptorDigest digest) throws IOException, RegistryException {
        return loggedInAsNeeded(() -> Blobs.writeToString(blob(digest)));
    }

    /** Returns a blob that is fetched when it is written somewhere; after the manifest, so that the login is done. */
    Blob blob(DescriptorDigest digest) {
        return client.pullBlob(digest, size -> {}, bytes -> {});
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }

    private <T> T loggedInAsNeeded(Request<T> request) throws IOException, RegistryException {
        try {
            return request.send();
        } catch (RegistryUnauthorizedException e) {
            String challenge = e.getHttpResponseException().getHeaders().getAuthenticate();
            if (challenge == null) {
                throw e;
            }
            client = client(access.credential(image.registry(), progress).orElse(null));
            client.authPullByWwwAuthenticate(challenge);
            return request.send();
        }
    }

    private RegistryClient client(@Nullable Credential credential) {
        return RegistryClient.factory(EventHandlers.NONE, image.registry(), image.path(), http)
                .setCredential(credential)
                .newRegistryClient();
    }

    private interface Request<T> {
        T send() throws IOException, RegistryException;
    }
}
