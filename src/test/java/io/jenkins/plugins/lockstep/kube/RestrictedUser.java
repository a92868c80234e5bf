package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service account of the real cluster with exactly the rights of one Role, and a front that notes what it asks for. */
public final class RestrictedUser implements AutoCloseable {

    private static final String GROUP = "rbac.authorization.k8s.io/v1";
    private static final ServedKind ROLES = new ServedKind(GROUP, "Role", "roles", true);
    private static final ServedKind BINDINGS = new ServedKind(GROUP, "RoleBinding", "rolebindings", true);
    private static final ServedKind ACCOUNTS = new ServedKind("v1", "ServiceAccount", "serviceaccounts", true);
    private static final ServedKind REVIEWS =
            new ServedKind("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", false);
    private static final Cluster.ApplyMode APPLY = new Cluster.ApplyMode("test", true, false);

    private static final Pattern OBJECT = Pattern.compile(
            "(GET|POST|PUT|PATCH|DELETE) /apis?/(?:v1|([^/]+)/[^/]+)/namespaces/[^/]+/([a-z]+)(?:/([^/?]+))?(?:/([a-z]+))?(\\?.*)?");

    private final KubeConnection admin = RealCluster.connect();
    private final KubeClient client = new KubeClient(admin, RealCluster.QUICK);
    private final KubeCluster cluster = new KubeCluster(client);
    private final String namespace;
    private final String name;
    private final FaultyFront front;

    /** Makes a service account without any right. */
    public RestrictedUser(String namespace, String name) throws IOException, InterruptedException {
        this.namespace = namespace;
        this.name = name;
        client.create(ACCOUNTS, namespace, RealCluster.tree("v1", "ServiceAccount", namespace, name, Map.of()));
        String token = token();
        String authority = Objects.requireNonNull(Kubeconfig.read(List.of(TestBed.kubeconfig()))
                .context(null)
                .cluster()
                .pem("certificate-authority"));
        this.front = new FaultyFront(new KubeClusters(Map.of())
                .connect(new KubeEndpoint("test", admin.location(), authority, () -> token, namespace)));
    }

    /** Returns the address at which the API server takes everybody for this user. */
    public String address() {
        return front.address();
    }

    public String fullName() {
        return "system:serviceaccount:" + namespace + ":" + name;
    }

    /** Gives the user these rights and no others, and waits until the API server knows. */
    public void may(List<Map<String, Object>> rules) throws InterruptedException {
        Set<String> before = rights(rulesOf());
        apply(ROLES, Map.of("rules", rules));
        apply(
                BINDINGS,
                Map.of(
                        "roleRef", Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", name),
                        "subjects", List.of(Map.of("kind", "ServiceAccount", "name", name, "namespace", namespace))));
        Set<String> now = rights(rules);
        var changed = new TreeSet<>(before);
        changed.addAll(now);
        for (String right : changed) {
            while (isAllowed(right) != now.contains(right)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** Returns the single rights of rules, each as {@code VERB RESOURCE[.GROUP][/SUBRESOURCE]}. */
    public static Set<String> rights(List<Map<String, Object>> rules) {
        var rights = new TreeSet<String>();
        for (Map<String, Object> rule : rules) {
            for (Object group : Tree.list(rule, "apiGroups")) {
                for (Object resource : Tree.list(rule, "resources")) {
                    for (Object verb : Tree.list(rule, "verbs")) {
                        rights.add(verb + " " + resource + (group.equals("") ? "" : "." + group));
                    }
                }
            }
        }
        return rights;
    }

    /** Returns the rights that the requests so far needed, in the same form; namespaces themselves are left out. */
    public Set<String> needed() {
        var rights = new TreeSet<String>();
        for (String request : front.requests()) {
            Matcher object = OBJECT.matcher(request);
            if (object.matches()) {
                String group = object.group(2) == null ? "" : "." + object.group(2);
                String resource = object.group(3) + (object.group(5) == null ? "" : "/" + object.group(5)) + group;
                for (String verb : verbs(object)) {
                    rights.add(verb + " " + resource);
                }
            }
        }
        return rights;
    }

    private static List<String> verbs(Matcher request) {
        String query = request.group(6) == null ? "" : request.group(6);
        boolean one = request.group(4) != null;
        return switch (request.group(1)) {
            case "GET" -> List.of(query.contains("watch=true") ? "watch" : one ? "get" : "list");
            case "POST" -> List.of("create");
            case "PUT" -> List.of("update");
            case "PATCH" -> List.of("create", "patch");
            default -> List.of("delete");
        };
    }

    private boolean isAllowed(String right) {
        String verb = right.substring(0, right.indexOf(' '));
        String resource = right.substring(right.indexOf(' ') + 1);
        int dot = resource.indexOf('.');
        String group = dot < 0 ? "" : resource.substring(dot + 1);
        String path = dot < 0 ? resource : resource.substring(0, dot);
        int slash = path.indexOf('/');
        var attributes = Map.of(
                "namespace",
                namespace,
                "verb",
                verb,
                "group",
                group,
                "resource",
                slash < 0 ? path : path.substring(0, slash),
                "subresource",
                slash < 0 ? "" : path.substring(slash + 1));
        var request = KubeRequest.ofCreation(REVIEWS, "", "review")
                .sending(
                        Map.of(
                                "apiVersion",
                                REVIEWS.apiVersion(),
                                "kind",
                                REVIEWS.kind(),
                                "spec",
                                Map.of("user", fullName(), "resourceAttributes", attributes)),
                        KubeRequest.JSON);
        return Tree.isTrue(client.good(request, client.exchange(request)).tree().get("status"), "allowed");
    }

    private List<Map<String, Object>> rulesOf() {
        return client.get(ROLES, namespace, name).stream()
                .flatMap(role -> Tree.list(role, "rules").stream())
                .map(Tree::map)
                .toList();
    }

    private void apply(ServedKind kind, Map<String, Object> rest) {
        cluster.apply(
                kind,
                new ResourceKey("rbac.authorization.k8s.io", kind.kind(), namespace, name),
                RealCluster.tree(GROUP, kind.kind(), namespace, name, rest),
                APPLY);
    }

    /** A Secret that the cluster fills in: every version has that, before and after it made them by itself. */
    private String token() throws InterruptedException {
        var metadata = Map.of("name", name + "-key", "annotations", Map.of("kubernetes.io/service-account.name", name));
        client.create(
                KubeClient.SECRETS,
                namespace,
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Secret",
                        "metadata",
                        metadata,
                        "type",
                        "kubernetes.io/service-account-token"));
        String token = "";
        while (token.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(50);
            token = Tree.text(
                    client.get(KubeClient.SECRETS, namespace, name + "-key").orElseThrow(), "data", "token");
        }
        return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        front.close();
        cluster.close();
    }
}
