package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import io.jenkins.plugins.lockstep.deploy.WriteLimits;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Opens clusters, from the environment variables that it is given: it looks at none by itself.
 *
 * <p>Thread-safe. Kubeconfig users may have client certificates, tokens, token files, passwords, {@code exec} commands
 * and impersonation; {@code tls-server-name} is honoured. The way to the server is the kubeconfig's {@code proxy-url}, else
 * what {@link ProxyVariables} say, else what this Java process has been told ({@code https.proxyHost} and the like).
 */
public final class KubeClusters {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** A little longer than the API server's own limit of a request, so that its words arrive. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(65);

    /** Finds connections that died without a word. */
    private static final Duration PING = Duration.ofSeconds(20);

    /** How long a connection is kept for the next operation, and how many: HTTP/2 needs one. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int MOST_IDLE = 16;

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /** For tests that can't wait 30 s for the lease of each process that they kill. */
    private static final String LEASE_SECONDS = "LOCKSTEP_LEASE_SECONDS";

    private static final int SHORTEST_LEASE = 3;

    private static final String USER_AGENT = "lockstep";

    private final Map<String, String> environment;
    private final Path serviceAccount;
    private final KubeWays ways = new KubeWays();

    /**
     * Creates an opener.
     *
     * @param environment the caller's environment variables: {@code KUBECONFIG}, {@code HOME} or {@code USERPROFILE},
     *     {@code KUBERNETES_SERVICE_HOST} and {@code _PORT}, {@code HTTPS_PROXY} and its kin, and what {@code exec}
     *     commands need
     */
    public KubeClusters(Map<String, String> environment) {
        this(environment, SERVICE_ACCOUNT);
    }

    KubeClusters(Map<String, String> environment, Path serviceAccount) {
        this.environment = Map.copyOf(environment);
        this.serviceAccount = serviceAccount;
    }

    /**
     * Opens the cluster that a user means. No request is sent yet; an {@code exec} command is run.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} or {@link Problem#BAD_INPUT} naming what the kubeconfig lacks,
     *     {@link Problem#CLUSTER_FORBIDDEN} where an {@code exec} command fails, {@link Problem#INTERRUPTED}
     */
    public KubeCluster open(KubeServer server) {
        return open(server, Progress.NONE);
    }

    /**
     * Opens the cluster that a user means, as {@link #open(KubeServer)} does.
     *
     * @param notices is told, once for each kind of fault, that the server fails in passing and is tried again
     */
    public KubeCluster open(KubeServer server, Progress notices) {
        return open(server, WriteLimits.NONE, notices);
    }

    /**
     * Opens a cluster, as {@link #open(KubeServer)} does.
     *
     * @param limits what may be written to it through what is opened
     */
    public KubeCluster open(KubeServer server, WriteLimits limits, Progress notices) {
        return new KubeCluster(new KubeClient(connect(server), RetryPolicy.DEFAULT, notices), leaseTerms(), limits);
    }

    /** Closes the connections that are kept for what is opened next; opens others where that happens all the same. */
    public void close() {
        ways.close();
    }

    /**
     * Looks at a cluster for someone who waits for it: nothing is tried again, and all of it together takes no longer
     * than asked for. No request is sent yet.
     */
    public ServerProbe probe(KubeServer server, Duration limit) {
        // Over connections of its own: what it tells is how things are now.
        return new KubeProbe(new KubeClusters(environment, serviceAccount).connect(server), limit);
    }

    /**
     * Loads the classes that a first request needs, among them those of a TLS handshake, of which the first words are made
     * and thrown away. Sends nothing, reads nothing, fails never.
     */
    public static void warmUp() {
        Tls.warmUp();
        Json.read("[]");
    }

    private LeaseTerms leaseTerms() {
        String seconds = environment.getOrDefault(LEASE_SECONDS, "");
        if (seconds.isEmpty()) {
            return LeaseTerms.DEFAULT;
        }
        if (!seconds.matches("[1-9][0-9]{0,2}") || Integer.parseInt(seconds) < SHORTEST_LEASE) {
            throw DeliveryException.of(Problem.BAD_USAGE, LEASE_SECONDS + " is no length of a lease")
                    .where(LEASE_SECONDS + "=" + seconds)
                    .hint("unset it, or give it whole seconds from " + SHORTEST_LEASE + " to 999");
        }
        return LeaseTerms.of(Duration.ofSeconds(Integer.parseInt(seconds)));
    }

    KubeConnection connect(KubeServer server) {
        if (server instanceof KubeEndpoint endpoint) {
            return connect(endpoint);
        }
        return server instanceof KubeDocument document ? connect(document) : connect((KubeTarget) server);
    }

    private KubeConnection connect(KubeDocument document) {
        String place = "the kubeconfig of cluster '" + document.name() + "'";
        return connect(Kubeconfig.ofText(place, document.text()).context(document.context()), document.namespace())
                .configuredIn(place);
    }

    private KubeConnection connect(KubeEndpoint endpoint) {
        String place = "the configuration of cluster '" + endpoint.name() + "'";
        HttpUrl url = url(endpoint.url(), place, true);
        KubeCredentials credentials = new KubeCredentials() {
            @Override
            public String authorization() {
                return KubeCredentials.bearer(endpoint.token().get(), place);
            }

            @Override
            public boolean renew(@Nullable String refused) {
                return !authorization().equals(refused);
            }
        };
        return connection(
                        url,
                        new Tls(place, endpoint.certificateAuthority(), null, null, true, null),
                        null,
                        credentials,
                        Headers.EMPTY,
                        "the token of cluster '" + endpoint.name() + "'",
                        endpoint.namespace())
                .configuredIn(place);
    }

    private KubeConnection connect(KubeTarget target) {
        List<Path> files = kubeconfigFiles(target.kubeconfig());
        return files.isEmpty()
                ? inCluster(target)
                : connect(Kubeconfig.read(files).context(target.context()), target.namespace());
    }

    private List<Path> kubeconfigFiles(@Nullable Path explicit) {
        if (explicit != null) {
            return List.of(explicit);
        }
        String list = environment.getOrDefault("KUBECONFIG", "");
        if (!list.isBlank()) {
            List<Path> named = Arrays.stream(list.split(File.pathSeparator))
                    .filter(name -> !name.isBlank())
                    .map(Path::of)
                    .toList();
            List<Path> there = named.stream().filter(Files::exists).toList();
            if (there.isEmpty()) {
                throw DeliveryException.of(Problem.BAD_USAGE, "none of the files that KUBECONFIG names is there")
                        .where("KUBECONFIG=" + list)
                        .hint("correct the variable, or use --kubeconfig FILE");
            }
            return there;
        }
        String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
        Path usual = Path.of(home, ".kube", "config");
        return !home.isBlank() && Files.exists(usual) ? List.of(usual) : List.of();
    }

    private KubeConnection inCluster(KubeTarget target) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        Path token = serviceAccount.resolve("token");
        if (target.context() != null || host.isBlank() || !Files.exists(token)) {
            throw DeliveryException.of(Problem.BAD_USAGE, "no cluster is configured: there is no kubeconfig file")
                    .where("~/.kube/config")
                    .hint("use --kubeconfig FILE, set KUBECONFIG, or try without a cluster: --to dir:PATH");
        }
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        String server = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        try {
            String authority = Files.readString(serviceAccount.resolve("ca.crt"));
            String namespace = target.namespace() != null
                    ? target.namespace()
                    : Files.readString(serviceAccount.resolve("namespace")).strip();
            return connection(
                    url(server, "KUBERNETES_SERVICE_HOST", true),
                    new Tls(serviceAccount.toString(), authority, null, null, true, null),
                    null,
                    new TokenFile(token),
                    Headers.EMPTY,
                    "the pod's service account",
                    namespace);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "can't read the pod's service account")
                    .where(serviceAccount.toString())
                    .why(e.getMessage())
                    .causedBy(e);
        }
    }

    private KubeConnection connect(Kubeconfig.Context context, @Nullable String namespaceOverride) {
        Kubeconfig.Entry cluster = context.cluster();
        Kubeconfig.Entry user = context.user();
        String server = cluster.text("server");
        if (server == null) {
            throw cluster.mistake("the cluster of context '" + context.name() + "' has no server")
                    .hint("give it `server: https://HOST:PORT`");
        }
        String authority = cluster.pem("certificate-authority");
        String certificate = user == null ? null : user.pem("client-certificate");
        String key = user == null ? null : user.pem("client-key");
        KubeCredentials credentials = KubeCredentials.NONE;
        if (user != null) {
            credentials = credentials(user, cluster, certificate != null && key != null);
            if (credentials instanceof ExecPlugin plugin) {
                ExecPlugin.Credential first = firstOf(plugin);
                if (first.certificate() != null && first.key() != null) {
                    certificate = first.certificate();
                    key = first.key();
                }
            }
        }
        String namespace = namespaceOverride != null ? namespaceOverride : context.namespace();
        // As kubectl has it: without a scheme, whatever configures TLS means TLS.
        boolean secure = authority != null || certificate != null || cluster.isTrue("insecure-skip-tls-verify");
        return connection(
                url(server, cluster.document().place(cluster.path() + ".server"), secure),
                new Tls(
                        cluster.document().place(cluster.path()),
                        authority,
                        certificate,
                        key,
                        !cluster.isTrue("insecure-skip-tls-verify"),
                        cluster.text("tls-server-name")),
                cluster,
                credentials,
                user == null ? Headers.EMPTY : impersonation(user),
                user == null
                        ? "nobody (context '" + context.name() + "' names no user)"
                        : "the user of context '" + context.name() + "' in "
                                + user.document().file(),
                namespace == null ? "default" : namespace);
    }

    private KubeCredentials credentials(Kubeconfig.Entry user, Kubeconfig.Entry cluster, boolean hasCertificate) {
        String tokenFile = user.text("tokenFile");
        if (tokenFile != null) {
            return new TokenFile(user.resolve(tokenFile));
        }
        String token = user.text("token");
        if (token != null) {
            return KubeCredentials.of(
                    KubeCredentials.bearer(token, user.document().place(user.path() + ".token")));
        }
        String name = user.text("username");
        String password = user.text("password");
        if (name != null && password != null) {
            return KubeCredentials.of(Credentials.basic(name, password, StandardCharsets.UTF_8));
        }
        if (hasCertificate) {
            return KubeCredentials.NONE;
        }
        if (user.content().get("exec") != null) {
            return new ExecPlugin(user, environment, clusterInfo(cluster));
        }
        if (user.content().get("auth-provider") != null) {
            throw user.mistake("auth-provider is not supported: Kubernetes itself has dropped it")
                    .hint("use the provider's exec plugin (kubectl's documentation on credential plugins), or a token");
        }
        return KubeCredentials.NONE;
    }

    private static ExecPlugin.Credential firstOf(ExecPlugin plugin) {
        try {
            return plugin.credential();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while the cluster's credentials were fetched")
                    .causedBy(e);
        }
    }

    private static Map<String, Object> clusterInfo(Kubeconfig.Entry cluster) {
        var info = new LinkedHashMap<String, Object>();
        for (String key : List.of("server", "tls-server-name", "proxy-url", "insecure-skip-tls-verify")) {
            Object value = cluster.content().get(key);
            if (value != null) {
                info.put(key, value);
            }
        }
        String authority = cluster.pem("certificate-authority");
        if (authority != null) {
            info.put(
                    "certificate-authority-data",
                    Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.UTF_8)));
        }
        return info;
    }

    private static Headers impersonation(Kubeconfig.Entry user) {
        var headers = new Headers.Builder();
        String name = user.text("as");
        if (name != null) {
            headers.addUnsafeNonAscii("Impersonate-User", name);
        }
        String uid = user.text("as-uid");
        if (uid != null) {
            headers.addUnsafeNonAscii("Impersonate-Uid", uid);
        }
        for (Object group : Tree.list(user.content(), "as-groups")) {
            headers.addUnsafeNonAscii("Impersonate-Group", String.valueOf(group));
        }
        return headers.build();
    }

    private static HttpUrl url(String server, String place, boolean secure) {
        String full = server.contains("://") ? server : (secure ? "https://" : "http://") + server;
        HttpUrl url = HttpUrl.parse(full);
        if (url == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the API server's address is no URL: " + server)
                    .where(place)
                    .hint("it looks like https://10.0.0.1:6443");
        }
        return url.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build();
    }

    private KubeConnection connection(
            HttpUrl server,
            Tls tls,
            Kubeconfig.@Nullable Entry cluster,
            KubeCredentials credentials,
            Headers headers,
            String identity,
            String namespace) {
        String proxy = cluster == null ? null : cluster.text("proxy-url");
        Optional<ProxyVariables.Choice> variable =
                proxy == null ? new ProxyVariables(environment).of(server) : Optional.empty();
        OkHttpClient way = ways.client(tls, proxy, variable, () -> client(tls, cluster, proxy, variable));
        // Its own requests, which end when it is closed; the connections are for all.
        OkHttpClient http = way.newBuilder().dispatcher(dispatcher()).build();
        Headers all = headers.newBuilder().set("User-Agent", USER_AGENT).build();
        return new KubeConnection(server, http, credentials, all, identity, namespace);
    }

    private static OkHttpClient client(
            Tls tls,
            Kubeconfig.@Nullable Entry cluster,
            @Nullable String proxy,
            Optional<ProxyVariables.Choice> variable) {
        OkHttpClient.Builder http = tls.httpClient()
                .newBuilder()
                .connectionPool(new ConnectionPool(MOST_IDLE, IDLE.toSeconds(), TimeUnit.SECONDS))
                .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                .followRedirects(false)
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(READ_TIMEOUT)
                .writeTimeout(READ_TIMEOUT)
                .pingInterval(PING);
        if (cluster != null && proxy != null) {
            useProxy(http, proxy, () -> cluster.mistake("proxy-url can't be used"));
        } else {
            variable.ifPresent(choice -> useProxy(http, choice));
        }
        return http.build();
    }

    private static void useProxy(OkHttpClient.Builder http, ProxyVariables.Choice choice) {
        if (choice.proxy().isEmpty()) {
            http.proxy(Proxy.NO_PROXY);
            return;
        }
        String url = choice.proxy().contains("://") ? choice.proxy() : "http://" + choice.proxy();
        useProxy(http, url, () -> DeliveryException.of(
                        Problem.BAD_USAGE, "the proxy that a variable names can't be used")
                .where(choice.variable()));
    }

    private static void useProxy(OkHttpClient.Builder http, String proxy, Supplier<DeliveryException> mistake) {
        try {
            URI uri = URI.create(proxy);
            boolean socks = "socks5".equals(uri.getScheme()) || "socks5h".equals(uri.getScheme());
            if (uri.getHost() == null || !(socks || "http".equals(uri.getScheme()))) {
                throw new IllegalArgumentException("only http:// and socks5:// are supported");
            }
            int port = uri.getPort() > 0 ? uri.getPort() : socks ? 1080 : 80;
            http.proxy(new Proxy(
                    socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(uri.getHost(), port)));
            String login = uri.getUserInfo();
            if (login != null && login.contains(":")) {
                String header = Credentials.basic(
                        login.substring(0, login.indexOf(':')), login.substring(login.indexOf(':') + 1));
                http.proxyAuthenticator((route, response) -> response.request().header("Proxy-Authorization") != null
                        ? null
                        : response.request()
                                .newBuilder()
                                .header("Proxy-Authorization", header)
                                .build());
            }
        } catch (IllegalArgumentException e) {
            // Not the parser's words: they quote the URL, which may hold a password.
            throw mistake.get()
                    .why("only http:// and socks5:// URLs are supported")
                    .hint("correct it, or remove it");
        }
    }

    /** Threads that keep no Java process alive; as many as requests at a time. */
    private static Dispatcher dispatcher() {
        var threads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread = new Thread(task, "lockstep-kube");
                    thread.setDaemon(true);
                    return thread;
                });
        var dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(64);
        dispatcher.setMaxRequestsPerHost(64);
        return dispatcher;
    }
}
