package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to an API server.
 *
 * @param method the HTTP method
 * @param path segments, not yet encoded
 * @param query parameters, not yet encoded
 * @param body the tree to send, null for none
 * @param contentType of the body
 * @param accept what may come back
 * @param purpose what is done, for messages: {@code apply deployment/cart}
 * @param confidential whether the server's words may quote a Secret
 */
record KubeRequest(
        Method method,
        List<String> path,
        Map<String, String> query,
        @Nullable Object body,
        String contentType,
        String accept,
        String purpose,
        boolean confidential) {

    static final String JSON = "application/json";
    static final String APPLY = "application/apply-patch+yaml";
    static final String JSON_PATCH = "application/json-patch+json";

    /** Every server since 1.15 knows the first; the second is for what does not (aggregated servers, for one). */
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    private static final String METADATA_OF_ONE =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    enum Method {
        GET(true),
        /** Only ever a server-side apply here, which may be repeated, or one that tests the resourceVersion first. */
        PATCH(true),
        /** Only ever with the precondition of a UID or of nothing but the name: repeating it changes nothing. */
        DELETE(true),
        POST(false),
        /** Carries a resourceVersion: a repetition would be refused because of the first. */
        PUT(false);

        private final boolean repeatable;

        Method(boolean repeatable) {
            this.repeatable = repeatable;
        }

        /** Tells whether sending it a second time does no harm where the first may have arrived. */
        boolean isRepeatable() {
            return repeatable;
        }
    }

    /** Starts a request about all objects of a kind. */
    static KubeRequest ofCollection(Method method, String verb, ServedKind kind, String namespace) {
        return of(method, collection(kind, namespace), verb + " " + kind.plural(), kind);
    }

    /** Starts a request about one object. */
    static KubeRequest ofObject(Method method, String verb, ServedKind kind, String namespace, String name) {
        List<String> path = collection(kind, namespace);
        path.add(name);
        return of(method, path, verb + " " + kind.kind().toLowerCase(Locale.ROOT) + "/" + name, kind);
    }

    /** Starts the request that creates an object, named as its path does not say. */
    static KubeRequest ofCreation(ServedKind kind, String namespace, String name) {
        String purpose = "create " + kind.kind().toLowerCase(Locale.ROOT) + "/" + name;
        return of(Method.POST, collection(kind, namespace), purpose, kind);
    }

    /** Starts a read of something that is no object. */
    static KubeRequest ofPath(List<String> path, String purpose) {
        return new KubeRequest(Method.GET, List.copyOf(path), Map.of(), null, JSON, JSON, purpose, false);
    }

    /** Returns the path of a group and version: {@code api/v1}, {@code apis/apps/v1}. */
    static List<String> groupVersion(String apiVersion) {
        String group = ResourceKey.groupOf(apiVersion);
        return group.isEmpty()
                ? List.of("api", apiVersion)
                : List.of("apis", group, apiVersion.substring(group.length() + 1));
    }

    private static List<String> collection(ServedKind kind, String namespace) {
        var path = new ArrayList<>(groupVersion(kind.apiVersion()));
        if (kind.namespaced() && !namespace.isEmpty()) {
            path.add("namespaces");
            path.add(namespace);
        }
        path.add(kind.plural());
        return path;
    }

    private static KubeRequest of(Method method, List<String> path, String purpose, ServedKind kind) {
        boolean confidential = kind.apiVersion().equals("v1") && kind.kind().equals("Secret");
        return new KubeRequest(method, List.copyOf(path), Map.of(), null, JSON, JSON, purpose, confidential);
    }

    /** Returns a copy with a parameter more; null adds nothing. */
    KubeRequest with(String parameter, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        var more = new LinkedHashMap<>(query);
        more.put(parameter, value.toString());
        return new KubeRequest(method, path, more, body, contentType, accept, purpose, confidential);
    }

    KubeRequest sending(Object tree, String type) {
        return new KubeRequest(method, path, query, tree, type, accept, purpose, confidential);
    }

    /** Returns a copy that asks for nothing but the metadata of one object. */
    KubeRequest metadataOfOne() {
        return new KubeRequest(method, path, query, body, contentType, METADATA_OF_ONE, purpose, confidential);
    }

    /** Returns a copy that asks a list for nothing but metadata. */
    KubeRequest metadataOnly() {
        return new KubeRequest(method, path, query, body, contentType, METADATA_ONLY, purpose, confidential);
    }

    /** Returns a copy that takes text of any kind. */
    KubeRequest plainText() {
        return new KubeRequest(method, path, query, body, contentType, "text/plain,*/*", purpose, confidential);
    }
}
