package io.jenkins.plugins.lockstep.image.jib;

import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one image of one registry, by that registry's own rules; logs in when, and only when, it is asked to. Until then
 * documents come by way of {@link AnonymousReader}.
 */
final class RegistrySession implements AutoCloseable {

    private static final String MANIFESTS = "application/vnd.oci.image.manifest.v1+json,"
            + "application/vnd.docker.distribution.manifest.v2+json,"
            + "application/vnd.oci.image.index.v1+json,"
            + "application/vnd.docker.distribution.manifest.list.v2+json";

    private final ImageName image;
    private final RegistryAccess access;
    private final Progress progress;
    private @Nullable AnonymousReader anonymous;
    private @Nullable RegistryHttp http;
    private @Nullable RegistryClient client;

    RegistrySession(ImageName image, RegistryAccess access, Progress progress) {
        this.image = image;
        this.access = access;
        this.progress = progress;
        this.anonymous = new AnonymousReader(image.registry(), access);
    }

    /**
     * A manifest or an index.
     *
     * @param digest of its bytes as the registry has them
     * @param json its text, perhaps written anew
     */
    record Document(String digest, String json) {}

    /**
     * Reads a manifest or an index as text.
     *
     * @throws HttpResponseException where the registry does not know it or fails; what Jib makes of it otherwise
     */
    Document document(String qualifier) throws IOException, RegistryException {
        AnonymousReader.Answer answer = anonymously("manifests/" + qualifier, MANIFESTS);
        if (answer != null
                && isManifest(answer.text())
                && (!qualifier.startsWith("sha256:") || qualifier.equals(answer.digest()))) {
            return new Document(answer.digest(), answer.text());
        }
        ManifestAndDigest<?> found = manifest(qualifier);
        return new Document(found.getDigest().toString(), JsonTemplateMapper.toUtf8String(found.getManifest()));
    }

    /** A portal before the registry answers everything with 200 and a page. */
    private static boolean isManifest(String json) {
        try {
            return Tree.integer(0, Json.read(json), "schemaVersion") == 2;
        } catch (DeliveryException e) {
            return false;
        }
    }

    /** Reads a manifest or an index as Jib has them. */
    ManifestAndDigest<?> manifest(String qualifier) throws IOException, RegistryException {
        return this.<ManifestAndDigest<ManifestTemplate>>loggedInAsNeeded(() -> client().pullManifest(qualifier));
    }

    /** Reads a small blob, a configuration, whole. */
    String text(DescriptorDigest digest) throws IOException, RegistryException {
        AnonymousReader.Answer answer = anonymously("blobs/" + digest, "*/*");
        return answer != null && answer.digest().equals(digest.toString())
                ? answer.text()
                : loggedInAsNeeded(() -> Blobs.writeToString(blob(digest)));
    }

    /** Returns a blob that is fetched when it is written somewhere; after the manifest, so that the login is done. */
    Blob blob(DescriptorDigest digest) {
        return client().pullBlob(digest, size -> {}, bytes -> {});
    }

    @Override
    public void close() throws IOException {
        if (http != null) {
            http.shutDown();
        }
    }

    /** Returns null, from then on without asking, where it takes Jib to tell. */
    private AnonymousReader.@Nullable Answer anonymously(String path, String accept)
            throws IOException, RegistryException {
        AnonymousReader.Answer answer = anonymous == null ? null : anonymous.get(image.path() + "/" + path, accept);
        if (answer != null) {
            int status = answer.status();
            if (status == 200) {
                return answer;
            }
            if (status == 404 || status == 429 || status >= 500) {
                throw failure(answer);
            }
            if (status == 401 && answer.challenge() != null) {
                logIn(answer.challenge());
            }
        }
        anonymous = null;
        return null;
    }

    private static HttpResponseException failure(AnonymousReader.Answer answer) {
        var headers = new HttpHeaders().setRetryAfter(answer.retryAfter());
        return new HttpResponseException.Builder(answer.status(), null, headers)
                .setContent(answer.text())
                .build();
    }

    private <T> T loggedInAsNeeded(Request<T> request) throws IOException, RegistryException {
        try {
            return request.send();
        } catch (RegistryUnauthorizedException e) {
            String challenge = e.getHttpResponseException().getHeaders().getAuthenticate();
            if (challenge == null) {
                throw e;
            }
            logIn(challenge);
            return request.send();
        }
    }

    private void logIn(String challenge) throws IOException, RegistryException {
        anonymous = null;
        client = client(access.credential(image.registry(), progress).orElse(null));
        client.authPullByWwwAuthenticate(challenge);
    }

    private RegistryClient client() {
        if (client == null) {
            client = client(null);
        }
        return client;
    }

    private RegistryClient client(@Nullable Credential credential) {
        if (http == null) {
            http = new RegistryHttp(image.registry(), access);
        }
        return RegistryClient.factory(EventHandlers.NONE, image.registry(), image.path(), http)
                .setCredential(credential)
                .newRegistryClient();
    }

    private interface Request<T> {
        T send() throws IOException, RegistryException;
    }
}
