package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport.State;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries a cluster, and tells in sentences what came of it. */
final class ClusterCheck {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String APPS = "apps";

    /**
     * Rights on one sort of object (docs/rbac.md).
     *
     * @param purpose what does not work without them, to be read after "needed"
     */
    private record Rights(String purpose, String group, String resource, List<String> verbs) {}

    /** What every release needs, whatever its manifests have. */
    private static final List<Rights> NEEDED = List.of(
            new Rights(
                    "for the ledger and the configuration",
                    "",
                    "configmaps",
                    List.of("get", "list", "create", "update", "patch", "delete")),
            new Rights("for the lock", "coordination.k8s.io", "leases", List.of("get", "create", "update")));

    /** What most releases need. */
    private static final List<Rights> USUAL = List.of(
            new Rights(
                    "for manifests with a Deployment",
                    APPS,
                    "deployments",
                    List.of("get", "list", "watch", "create", "patch", "delete")),
            new Rights(
                    "for manifests with a Service",
                    "",
                    "services",
                    List.of("get", "list", "create", "patch", "delete")),
            new Rights("to judge a rollout", "", "pods", List.of("list", "watch")),
            new Rights("to judge a rollout", APPS, "replicasets", List.of("list", "watch")),
            new Rights("to judge a rollout", "", "events", List.of("list", "watch")),
            new Rights("to judge a rollout", "", "pods/log", List.of("get")));

    private final Connections connections;

    ClusterCheck(Connections connections) {
        this.connections = connections;
    }

    ConnectionReport run(ClusterAccess access) {
        try (ServerProbe probe = connections.probe(access, LIMIT)) {
            var sentences = new ArrayList<String>();
            Optional<String> version = probe.version();
            Optional<String> user = probe.user();
            sentences.add("Reached " + probe.location()
                    + version.map(text -> ", Kubernetes " + text).orElse("")
                    + user.map(name -> ", as '" + name + "'").orElse("") + ".");
            List<String> lacks = lacks(probe, access);
            sentences.addAll(lacks);
            if (lacks.isEmpty()) {
                sentences.add("Every right that a usual release needs in namespace " + namespace(probe, access)
                        + " is there; further kinds of objects need rights of their own.");
            }
            return new ConnectionReport(lacks.isEmpty() ? State.GOOD : State.LACKING, sentences);
        } catch (DeliveryException e) {
            return ConnectionReport.failed(e);
        }
    }

    private static String namespace(ServerProbe probe, ClusterAccess access) {
        return access.namespace() != null ? access.namespace() : probe.namespace();
    }

    private static List<String> lacks(ServerProbe probe, ClusterAccess access) {
        String namespace = namespace(probe, access);
        var lacks = new ArrayList<String>();
        if (probe.location().startsWith("http://")) {
            lacks.add("The server's URL begins with http://, so everybody on the way can read the credentials.");
        }
        if (!access.allowance().allowsNamespace(namespace)) {
            lacks.add("Namespace " + namespace + ", where environments live that name none, is not among the allowed"
                    + " ones.");
        }
        if (!probe.hasNamespace(namespace)) {
            lacks.add("There is no namespace " + namespace + ": kubectl create namespace " + namespace);
        }
        NEEDED.forEach(rights -> lack(probe, rights, namespace).ifPresent(lacks::add));
        USUAL.forEach(rights -> lack(probe, rights, namespace).ifPresent(lacks::add));
        return lacks;
    }

    private static Optional<String> lack(ServerProbe probe, Rights rights, String namespace) {
        List<String> verbs = rights.verbs().stream()
                .filter(verb -> !probe.allowed(verb, rights.group(), rights.resource(), namespace))
                .toList();
        String resource = rights.group().isEmpty() ? rights.resource() : rights.resource() + "." + rights.group();
        return verbs.isEmpty()
                ? Optional.empty()
                : Optional.of("May not " + String.join(", ", verbs) + " " + resource + " in namespace " + namespace
                        + ", needed " + rights.purpose() + ".");
    }
}
