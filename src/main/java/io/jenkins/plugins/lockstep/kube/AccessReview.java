package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks what one may do. A review is created and never stored; everybody may ask about themselves. */
final class AccessReview {

    private static final ServedKind REVIEWS =
            new ServedKind("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false);

    private AccessReview() {}

    /**
     * Asks.
     *
     * @param resource in the plural, a subresource after a slash
     * @param namespace empty for cluster-scoped resources
     */
    static boolean allows(KubeClient client, String verb, String group, String resource, String namespace) {
        var attributes = new LinkedHashMap<String, @Nullable Object>();
        int slash = resource.indexOf('/');
        attributes.put("verb", verb);
        attributes.put("group", group);
        attributes.put("resource", slash < 0 ? resource : resource.substring(0, slash));
        if (slash >= 0) {
            attributes.put("subresource", resource.substring(slash + 1));
        }
        if (!namespace.isEmpty()) {
            attributes.put("namespace", namespace);
        }
        var review = new LinkedHashMap<String, @Nullable Object>();
        review.put("apiVersion", REVIEWS.apiVersion());
        review.put("kind", REVIEWS.kind());
        review.put("spec", Map.of("resourceAttributes", attributes));
        var request = KubeRequest.ofCreation(REVIEWS, "", verb + "-" + resource).sending(review, KubeRequest.JSON);
        return Tree.isTrue(client.ask(request), "status", "allowed");
    }
}
