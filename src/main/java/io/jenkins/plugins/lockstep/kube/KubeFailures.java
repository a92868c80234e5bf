package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Rejection;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The one table from what an API server (or the way to it) said to what a person reads.
 *
 * @param location the server, for messages
 * @param identity who asks, for messages
 * @param configuration where server and credentials are configured, for messages
 */
record KubeFailures(String location, String identity, String configuration) {

    /** {@code User "jane" cannot patch resource "deployments" in API group "apps" in the namespace "shop"}. */
    private static final Pattern RIGHT_MISSING = Pattern.compile("User \"([^\"]*)\" cannot (\\S+) resource \"([^\"]*)\""
            + "(?: in API group \"([^\"]*)\")?(?: in the namespace \"([^\"]*)\")?");

    private static final Pattern PATH_DENIED = Pattern.compile("User \"([^\"]*)\" cannot (\\S+) path \"([^\"]*)\"");

    /** {@code conflict with "kubectl" using apps/v1}; the quoted name may be followed by a subresource. */
    private static final Pattern CONFLICT_WITH = Pattern.compile("conflict with \"([^\"]*)\"");

    /** {@code .spec.template.spec.containers[name="web"].prots: field not declared in schema}. */
    private static final Pattern UNDECLARED =
            Pattern.compile("(\\.[^:\\s]+(?:\"[^\"]*\"[^:\\s]*)*): field not declared");

    private static final Pattern DENIED_BY_POLICY =
            Pattern.compile("denied the request|violates PodSecurity|pod security policy|usage per");

    private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);

    static KubeFailures of(KubeConnection connection) {
        return new KubeFailures(connection.location(), connection.identity(), connection.configuration());
    }

    /** Tells whether the same request may well succeed a little later. */
    static boolean isPassing(KubeAnswer answer) {
        if (answer.code() == 500) {
            String message = message(answer);
            // Servers before 1.22 blame themselves for an object that does not fit its schema.
            return !isBadObject(message) && !message.contains("request is too large");
        }
        return PASSING.contains(answer.code());
    }

    /** Tells whether the server surely did nothing before it gave this answer. */
    static boolean isUntouched(KubeAnswer answer) {
        return answer.code() == 429;
    }

    /**
     * Tells whether the server did nothing because something changed under its hands: the object of an apply, or a quota
     * that several creations count on. Conflicts about fields are another matter, and so is what an update finds changed.
     */
    static boolean isLostRace(KubeRequest.Method method, KubeAnswer answer) {
        if (answer.code() != 409 || !(method == KubeRequest.Method.PATCH || method == KubeRequest.Method.POST)) {
            return false;
        }
        var status = answer.tree();
        String reason = Tree.text(status, "reason");
        boolean raced =
                reason.equals("Conflict") || (reason.equals("AlreadyExists") && method == KubeRequest.Method.PATCH);
        return raced && Tree.find(Tree.list(status, "details", "causes"), "reason", "FieldManagerConflict") == null;
    }

    /** Tells whether the request surely did not arrive. */
    static boolean isUnsent(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof SSLHandshakeException;
    }

    /**
     * Tells whether a lost connection may well work a little later; of a server that was never met, nobody knows. A
     * certificate, or a client that the server does not want to speak TLS with, does not mend itself.
     */
    static boolean isPassing(IOException failure) {
        return !(failure instanceof SSLPeerUnverifiedException)
                && !speaksNoTls(failure)
                && !contains(failure, "Received fatal alert")
                && causes(failure).stream()
                        .noneMatch(cause ->
                                cause instanceof CertificateException || cause instanceof CertPathValidatorException)
                && !contains(failure, "unable to find valid certification path");
    }

    /** Says in a few words what a broken connection looked like, to be read after "the API server". */
    static String fault(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return "did not answer in time";
        }
        return isUnsent(failure) ? "can't be reached" : "broke the connection";
    }

    /** Says why there was no answer. */
    DeliveryException unreachable(KubeRequest request, IOException failure) {
        String hint = "check that the cluster runs and that this machine reaches it (URL, VPN, firewall)";
        String why = String.valueOf(failure.getMessage());
        if (failure instanceof UnknownHostException) {
            why = "the host name is not known here";
            hint = "check the server's URL in " + configuration + ", and the name server of this machine";
        } else if (failure instanceof InterruptedIOException) {
            why = failure.getMessage() != null && failure.getMessage().contains("connect")
                    ? "no answer to the attempt to connect"
                    : "no answer in time";
        } else if (failure instanceof ConnectException && contains(failure, "refused")) {
            why = "connection refused: nothing listens there";
        } else if (failure instanceof SSLPeerUnverifiedException) {
            why = "its certificate is for another host name";
            hint = "use a URL with a name of the certificate, or set tls-server-name in " + configuration;
        } else if (speaksNoTls(failure)) {
            why = "what listens there does not speak TLS";
            hint = "check the port of the server's URL, and whether it should begin with http://";
        } else if (failure instanceof SSLException) {
            why = tlsReason(failure);
            hint = why.startsWith("its") || why.startsWith("no")
                    ? "check certificate-authority in " + configuration
                    : "check the client certificate of " + identity;
        }
        return DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "can't " + request.purpose())
                .where(location)
                .why(why)
                .hint(hint)
                .causedBy(failure);
    }

    /** Says what an answer other than 2xx means. */
    DeliveryException refused(KubeRequest request, KubeAnswer answer) {
        var status = answer.tree();
        String reason = Tree.text(status, "reason");
        String message = request.confidential() && answer.code() != 403 && answer.code() != 401
                ? "the server's words may quote the Secret, so they are not shown"
                : message(answer);
        return switch (answer.code()) {
            case 401 ->
                failure(Problem.CLUSTER_FORBIDDEN, "the cluster does not accept the credentials", null)
                        .causedBy(new Rejection(Verdict.Code.FORBIDDEN, List.of()))
                        .hint(
                                configuration.equals(KubeConnection.KUBECONFIG)
                                        ? "they may have expired: log in again as " + identity
                                        : "they may be mistyped or expired: renew them in " + configuration);
            case 403 -> forbidden(request, status, message);
            case 404 -> missing(request, status, message);
            case 409 -> conflict(request, status, message);
            case 422 ->
                failure(Problem.CLUSTER_REJECTED, "can't " + request.purpose(), invalid(request, status, message))
                        .causedBy(new Rejection(
                                isImmutable(message) ? Verdict.Code.IMMUTABLE_FIELD : Verdict.Code.REJECTED,
                                fields(status)))
                        .hint(
                                isImmutable(message)
                                        ? "that field can't be changed: delete the object first, or give it another name"
                                        : "correct the manifest");
            case 410 -> failure(Problem.CLUSTER_UNAVAILABLE, "can't " + request.purpose(), message);
            case 429 ->
                failure(Problem.CLUSTER_UNAVAILABLE, "can't " + request.purpose(), "the API server is busy: " + message)
                        .hint(
                                answer.retryAfter() == null
                                        ? "try again later"
                                        : "it asks for a pause of "
                                                + answer.retryAfter().toSeconds() + " s: try again after that");
            default ->
                (answer.code() >= 500 && isPassing(answer)) || reason.equals("Timeout")
                        ? failure(Problem.CLUSTER_UNAVAILABLE, "can't " + request.purpose(), message)
                                .hint(
                                        message.contains("calling webhook")
                                                ? "the admission webhook that it names does not answer: look at its pods"
                                                : "the API server answered HTTP " + answer.code() + "; try again later")
                        : failure(Problem.CLUSTER_REJECTED, "can't " + request.purpose(), message)
                                .causedBy(rejection(message))
                                .hint(
                                        DENIED_BY_POLICY.matcher(message).find()
                                                ? "change the object to what the policy asks for, or ask who owns the"
                                                        + " policy"
                                                : "correct what the server names");
        };
    }

    /** Servers say it in two ways: of one field, and of all of a StatefulSet's but a few. */
    private static boolean isImmutable(String message) {
        return message.contains("field is immutable") || message.contains("are forbidden");
    }

    private static List<String> fields(Object status) {
        return Tree.list(status, "details", "causes").stream()
                .map(cause -> Tree.text(cause, "field"))
                .filter(field -> !field.isEmpty())
                .distinct()
                .toList();
    }

    /** Tells refusals apart that have no code of their own, by the server's words. */
    private static Rejection rejection(String message) {
        if (DENIED_BY_POLICY.matcher(message).find()) {
            return new Rejection(Verdict.Code.ADMISSION_DENIED, List.of());
        }
        if (message.contains("exceeded quota: ")) {
            return new Rejection(Verdict.Code.QUOTA_EXCEEDED, List.of());
        }
        if (message.contains("because it is being terminated")) {
            return new Rejection(Verdict.Code.NAMESPACE_MISSING, List.of());
        }
        var undeclared = UNDECLARED.matcher(message);
        return new Rejection(Verdict.Code.REJECTED, undeclared.find() ? List.of(undeclared.group(1)) : List.of());
    }

    private DeliveryException failure(Problem problem, String what, @Nullable String why) {
        return DeliveryException.of(problem, what).where(location).why(why);
    }

    private DeliveryException forbidden(KubeRequest request, Object status, String message) {
        var right = RIGHT_MISSING.matcher(message);
        if (right.find()) {
            String verb = right.group(2);
            String group = right.group(4) == null ? "" : right.group(4);
            String resource = group.isEmpty() ? right.group(3) : right.group(3) + "." + group;
            String namespace = right.group(5);
            String flag = namespace == null ? "" : " -n " + namespace;
            String role = namespace == null ? "cluster role" : "role";
            return failure(
                            Problem.CLUSTER_FORBIDDEN,
                            "'" + right.group(1) + "' may not " + verb + " " + resource
                                    + (namespace == null ? "" : " in namespace " + namespace),
                            "needed to " + request.purpose())
                    .causedBy(new Rejection(Verdict.Code.FORBIDDEN, List.of()))
                    .hint("ask an administrator for a " + role + " with it (docs/rbac.md has them whole); to check:"
                            + " kubectl auth can-i " + verb + " " + resource + flag + " --as=" + right.group(1));
        }
        var path = PATH_DENIED.matcher(message);
        if (path.find()) {
            return failure(
                            Problem.CLUSTER_FORBIDDEN,
                            "'" + path.group(1) + "' may not " + path.group(2) + " " + path.group(3),
                            "needed to " + request.purpose())
                    .causedBy(new Rejection(Verdict.Code.FORBIDDEN, List.of()))
                    .hint("log in as another user, or ask an administrator for the right");
        }
        // Quotas, admission plugins and a namespace that goes away answer 403 as well: no right would help there.
        return Tree.text(status, "kind").equals("Status")
                ? rejected(request, message)
                : failure(
                                Problem.CLUSTER_FORBIDDEN,
                                "something before the API server refused to " + request.purpose(),
                                message)
                        .hint("check the server's URL and the credentials of " + identity);
    }

    private DeliveryException rejected(KubeRequest request, String message) {
        Rejection rejection = rejection(message);
        String hint =
                switch (rejection.code()) {
                    case ADMISSION_DENIED ->
                        "change the object to what the policy asks for, or ask who owns the policy";
                    case QUOTA_EXCEEDED -> "raise the quota, or ask for less";
                    case NAMESPACE_MISSING -> "wait until the namespace is gone, and create it again";
                    default -> null;
                };
        return failure(Problem.CLUSTER_REJECTED, "can't " + request.purpose(), message)
                .causedBy(rejection)
                .hint(hint);
    }

    private DeliveryException missing(KubeRequest request, Object status, String message) {
        String kind = Tree.text(status, "details", "kind");
        String name = Tree.text(status, "details", "name");
        if (kind.equals("namespaces") && !name.isEmpty()) {
            return failure(Problem.CLUSTER_REJECTED, "there is no namespace " + name, "needed to " + request.purpose())
                    .causedBy(new Rejection(Verdict.Code.NAMESPACE_MISSING, List.of()))
                    .hint("create it: kubectl create namespace " + name);
        }
        boolean unserved = name.isEmpty();
        if (unserved && isServedByEveryCluster(request)) {
            return failure(
                            Problem.CLUSTER_UNAVAILABLE,
                            "this is no Kubernetes API server",
                            "it does not serve /" + String.join("/", request.path()))
                    .hint("check `server` of this context in " + configuration);
        }
        return failure(
                        Problem.CLUSTER_REJECTED,
                        "can't " + request.purpose(),
                        unserved ? "the cluster does not serve /" + String.join("/", request.path()) : message)
                .causedBy(new Rejection(unserved ? Verdict.Code.KIND_NOT_SERVED : Verdict.Code.REJECTED, List.of()))
                .hint(
                        unserved
                                ? "check the apiVersion and kind, and that their custom resource definition is there"
                                : "someone deleted it at the same time: try again");
    }

    /** Leases are the first that a release asks for, and objects of the core group the first that a look at one does. */
    private static boolean isServedByEveryCluster(KubeRequest request) {
        String path = String.join("/", request.path());
        return path.startsWith("apis/coordination.k8s.io/v1/")
                || path.startsWith("api/v1/")
                || path.equals("api/v1")
                || path.equals("apis");
    }

    private DeliveryException conflict(KubeRequest request, Object status, String message) {
        var owners = new ArrayList<String>();
        var ours = new ArrayList<String>();
        for (Object cause : Tree.list(status, "details", "causes")) {
            if (Tree.text(cause, "reason").equals("FieldManagerConflict")) {
                var manager = CONFLICT_WITH.matcher(Tree.text(cause, "message"));
                String owner = manager.find() ? "'" + manager.group(1) + "'" : "another field manager";
                boolean isOurs =
                        owner.equals("'" + Cluster.MANAGER + "'") || owner.equals("'" + Cluster.REPLICAS_MANAGER + "'");
                (isOurs ? ours : owners).add(Tree.text(cause, "field") + " belongs to " + owner);
            }
        }
        // Between its own two managers Lockstep sorts things out by itself; nobody else can do anything about that.
        if (owners.isEmpty()) {
            owners.addAll(ours);
        }
        if (owners.isEmpty()) {
            return failure(Problem.CLUSTER_REJECTED, "can't " + request.purpose(), message)
                    .hint("someone else changed it at the same time: try again");
        }
        return failure(
                        Problem.FIELD_CONFLICT,
                        "can't " + request.purpose() + " without taking fields that belong to others",
                        String.join("; ", owners))
                .hint("leave these fields out of the manifest, or take them with --take-ownership");
    }

    private static String invalid(KubeRequest request, Object status, String message) {
        var fields = new ArrayList<String>();
        for (Object cause : Tree.list(status, "details", "causes")) {
            String field = Tree.text(cause, "field");
            if (!field.isEmpty()) {
                // The reason is a word, the message may hold the value.
                String said = Tree.text(cause, request.confidential() ? "reason" : "message");
                String entry = field + ": " + said;
                if (!fields.contains(entry)) {
                    fields.add(entry);
                }
            }
        }
        return fields.isEmpty() ? message : String.join("; ", fields);
    }

    private static boolean isBadObject(String message) {
        return message.contains("failed to create typed patch object")
                || message.contains("field not declared in schema");
    }

    private static String message(KubeAnswer answer) {
        String message = Tree.text(answer.tree(), "message");
        if (!message.isEmpty()) {
            return message;
        }
        String text = answer.body().strip();
        boolean readable = !text.isEmpty() && text.length() <= 300 && !text.startsWith("<") && !text.startsWith("{");
        return "HTTP " + answer.code() + (readable ? ": " + text : "");
    }

    private String tlsReason(IOException failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            }
            if (cause instanceof CertPathValidatorException
                    || String.valueOf(cause.getMessage()).contains("unable to find valid certification path")) {
                return "no certificate authority that " + configuration + " trusts has signed its certificate";
            }
        }
        return "the TLS handshake failed: " + failure.getMessage();
    }

    private static boolean speaksNoTls(IOException failure) {
        return failure instanceof SSLException && contains(failure, "Unsupported or unrecognized SSL message");
    }

    private static boolean contains(IOException failure, String words) {
        return causes(failure).stream()
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains(words));
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null && causes.size() < 10; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
