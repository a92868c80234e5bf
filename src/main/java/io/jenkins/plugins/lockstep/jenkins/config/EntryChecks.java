package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What fields of entries may hold. Asks nobody but this machine's clock. */
final class EntryChecks {

    /** A DNS label (RFC 1123), which a namespace is, with {@code *} and {@code ?} in it. */
    private static final Pattern NAMESPACE_PATTERN = Pattern.compile("[a-z0-9*?]([-a-z0-9*?]{0,61}[a-z0-9*?])?");

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final Pattern KIND = Pattern.compile("[A-Z*?][A-Za-z0-9*?]*(\\.[a-z0-9*?][-.a-z0-9*?]*)?");

    /** The cluster-scoped kinds of the core group: the only ones that are right without a group. */
    private static final Set<String> CORE_KINDS = Set.of("Namespace", "Node", "PersistentVolume", "ComponentStatus");

    /** {@code HOST[:PORT]}; the host may be an IPv6 address in brackets. */
    private static final Pattern REGISTRY =
            Pattern.compile("(\\[[0-9a-fA-F:]+]|[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?)(:[0-9]{1,5})?");

    private EntryChecks() {}

    static FormValidation clusterName(@Nullable String name, List<String> saved) {
        if (name == null) {
            return FormValidation.error("name the cluster as environments of project files do, for example 'prod'");
        }
        if (name.chars().anyMatch(letter -> Character.isWhitespace(letter) || Character.isISOControl(letter))) {
            return FormValidation.error("a name has no spaces");
        }
        return unique(name, saved);
    }

    private static FormValidation unique(String name, List<String> saved) {
        return saved.stream().filter(name::equals).count() > 1
                ? FormValidation.error("'" + name + "' is there twice")
                : FormValidation.ok();
    }

    static FormValidation url(@Nullable String url) {
        if (url == null) {
            return FormValidation.ok();
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return FormValidation.error("this is no URL: " + e.getReason());
        }
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))) {
            return FormValidation.error("write https://HOST:PORT, for example https://10.0.0.1:6443");
        }
        if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            return FormValidation.error("a URL of an API server has no user, no '?' and no '#'");
        }
        return "http".equalsIgnoreCase(scheme)
                ? FormValidation.warning("without https everyone on the way can read the token")
                : FormValidation.ok();
    }

    static FormValidation certificateAuthority(@Nullable String pem, @Nullable String url, Instant now) {
        if (pem == null) {
            return FormValidation.ok();
        }
        if (pem.contains("PRIVATE KEY")) {
            return FormValidation.error("this holds a private key; it takes the authority's certificate alone");
        }
        try {
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (certificates.isEmpty() || !pem.contains("-----BEGIN CERTIFICATE-----")) {
                return noCertificate();
            }
            for (var certificate : certificates) {
                Instant end = ((X509Certificate) certificate).getNotAfter().toInstant();
                if (end.isBefore(now)) {
                    return FormValidation.warning("a certificate in here has expired on " + end);
                }
            }
        } catch (CertificateException e) {
            return noCertificate();
        }
        return url == null
                ? FormValidation.warning("this goes with the URL; a kubeconfig has an authority of its own")
                : FormValidation.ok();
    }

    private static FormValidation noCertificate() {
        return FormValidation.error(
                "this is no certificate: paste PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----");
    }

    static FormValidation context(@Nullable String context, @Nullable String url) {
        return context != null && url != null
                ? FormValidation.warning("this goes with a kubeconfig, and there is a URL")
                : FormValidation.ok();
    }

    static FormValidation namespace(@Nullable String namespace, @Nullable String allowed) {
        if (namespace == null) {
            return FormValidation.ok();
        }
        if (!NAMESPACE.matcher(namespace).matches()) {
            return FormValidation.error("a namespace has lower case letters, digits and '-', 63 at most");
        }
        List<String> patterns = Words.of(allowed);
        return patterns.isEmpty() || Words.match(patterns, namespace)
                ? FormValidation.ok()
                : FormValidation.error("the allowed namespaces leave it out");
    }

    static FormValidation namespaces(@Nullable String patterns) {
        for (String pattern : Words.of(patterns)) {
            if (!NAMESPACE_PATTERN.matcher(pattern).matches()) {
                return FormValidation.error(
                        "'" + pattern + "' takes no namespace: these have lower case letters, digits"
                                + " and '-'; '*' stands for any number of them");
            }
        }
        return FormValidation.ok();
    }

    static FormValidation clusterScopedKinds(@Nullable String patterns) {
        for (String pattern : Words.of(patterns)) {
            if (!KIND.matcher(pattern).matches()) {
                return FormValidation.error(
                        "'" + pattern + "' takes no kind: write KIND or KIND.GROUP as manifests have"
                                + " them, for example Namespace, ClusterRole.rbac.authorization.k8s.io");
            }
            if (pattern.chars().allMatch(Character::isLetter) && !CORE_KINDS.contains(pattern)) {
                return FormValidation.warning(
                        "'" + pattern + "' without a group is a kind of the core group, which has no"
                                + " such cluster-scoped kind; write KIND.GROUP, for example"
                                + " ClusterRole.rbac.authorization.k8s.io");
            }
        }
        return FormValidation.ok();
    }

    /** Checks patterns of names with slashes between their parts. */
    static FormValidation paths(@Nullable String patterns) {
        for (String pattern : Words.of(patterns)) {
            if (pattern.startsWith("/") || pattern.endsWith("/") || pattern.contains("//")) {
                return FormValidation.error("'" + pattern
                        + "' takes no name: these have one '/' between their parts, and" + " none at an end");
            }
        }
        return FormValidation.ok();
    }

    static FormValidation registry(@Nullable String registry, List<String> saved) {
        if (registry == null) {
            return FormValidation.error("name the registry as images do, for example registry.example.com:5000");
        }
        if (!REGISTRY.matcher(registry).matches()) {
            return FormValidation.error("write HOST or HOST:PORT, without https:// and without a path");
        }
        return unique(RegistryNames.asked(registry), saved);
    }

    /** Returns what a test of a connection found. */
    static FormValidation found(ConnectionReport report, ConnectFrom from) {
        String text = report.text();
        if (from == ConnectFrom.AGENT && report.state() != ConnectionReport.State.GOOD) {
            return FormValidation.warning("Agents connect to it, and this was tried from the controller:\n" + text);
        }
        return switch (report.state()) {
            case GOOD -> FormValidation.ok(text);
            case LACKING -> FormValidation.warning(text);
            case FAILED -> FormValidation.error(text);
        };
    }
}
