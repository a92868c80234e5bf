package io.jenkins.plugins.lockstep.kube;

import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * How an API server is reached.
 *
 * @param server its URL, with a path where it is behind a gateway; never with credentials
 * @param http speaks TLS as the kubeconfig says
 * @param credentials who asks
 * @param headers sent with every request: the name of this program, and whom the user impersonates
 * @param identity who asks, for messages: {@code user 'admin' of /home/me/.kube/config}
 * @param namespace of the context, {@code default} where it names none
 * @param configuration where all this is configured, for messages
 */
record KubeConnection(
        HttpUrl server,
        OkHttpClient http,
        KubeCredentials credentials,
        Headers headers,
        String identity,
        String namespace,
        String configuration) {

    /** What messages call the files that a user has. */
    static final String KUBECONFIG = "the kubeconfig";

    /** Is configured by a user's own files. */
    KubeConnection(
            HttpUrl server,
            OkHttpClient http,
            KubeCredentials credentials,
            Headers headers,
            String identity,
            String namespace) {
        this(server, http, credentials, headers, identity, namespace, KUBECONFIG);
    }

    /** Returns the same for what somebody has configured elsewhere. */
    KubeConnection configuredIn(String place) {
        return new KubeConnection(server, http, credentials, headers, identity, namespace, place);
    }

    /** Returns the server's URL as people write it. */
    String location() {
        String url = server.toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
