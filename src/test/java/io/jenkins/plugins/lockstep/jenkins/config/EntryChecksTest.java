package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport.State;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryChecksTest {

    /** Made for this test with a key that nobody kept; it ends on 2126-10-30. */
    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBhjCCAS2gAwIBAgIUFxGGDNl5ko7WNnfejnALUD8r7wswCgYIKoZIzj0EAwIw
            GDEWMBQGA1UEAwwNbG9ja3N0ZXAtdGVzdDAgFw0yNjExMjMxNzU0MThaGA8yMTI2
            MTAzMDE3NTQxOFowGDEWMBQGA1UEAwwNbG9ja3N0ZXAtdGVzdDBZMBMGByqGSM49
            AgEGCCqGSM49AwEHA0IABApdKBywVT0praYybvc7KNvlhXSLv3wbZ3di6p+dTkCG
            +v+ilAF8ET2uS0oC+oSsGBB5KlkNIqCyUmYjE6W5qMujUzBRMB0GA1UdDgQWBBTQ
            4/MsSzdb8+Mqw+Zd48q6DHrkSTAfBgNVHSMEGDAWgBTQ4/MsSzdb8+Mqw+Zd48q6
            DHrkSTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIH9LUucsyvlY
            12Nwf8/rNK4j7cfHZZ+RNbJYniNi7e7WAiBa1Y0deguEd2+X28KySOGxoazv9i0t
            PjrEgDnaMXTVtQ==
            -----END CERTIFICATE-----
            """;

    @ParameterizedTest
    @CsvSource({
        "prod, OK",
        "arn:aws:eks:eu-west-1:1:cluster/prod, OK",
        "my prod, ERROR",
        ", ERROR",
    })
    void aNameHasNoSpaces(String name, Kind kind) {
        assertThat(EntryChecks.clusterName(name, List.of("prod")).kind).isEqualTo(kind);
    }

    @Test
    void aNameIsThereOnce() {
        assertThat(EntryChecks.clusterName("prod", List.of("prod", "test", "prod")))
                .hasFieldOrPropertyWithValue("kind", Kind.ERROR)
                .hasMessage("'prod' is there twice");
    }

    @ParameterizedTest
    @CsvSource({
        ", OK",
        "https://10.0.0.1:6443, OK",
        "https://rancher.example.com/k8s/clusters/c-1, OK",
        "https://[::1]:6443, OK",
        "http://10.0.0.1:8080, WARNING",
        "10.0.0.1:6443, ERROR",
        "ftp://10.0.0.1, ERROR",
        "https://, ERROR",
        "https://me:secret@10.0.0.1, ERROR",
        "https://10.0.0.1?a=b, ERROR",
        "https://10 0, ERROR",
    })
    void aUrlIsThatOfAServer(String url, Kind kind) {
        assertThat(EntryChecks.url(url).kind).isEqualTo(kind);
    }

    @Test
    void anAuthorityIsACertificateThatIsStillGood() {
        Instant now = Instant.parse("2026-11-23T00:00:00Z");

        assertThat(authority(CERTIFICATE, now)).isEqualTo(Kind.OK);
        assertThat(authority(CERTIFICATE + CERTIFICATE, now)).isEqualTo(Kind.OK);
        assertThat(authority(CERTIFICATE, Instant.parse("2130-01-01T00:00:00Z")))
                .isEqualTo(Kind.WARNING);
        assertThat(authority("/etc/ssl/ca.pem", now)).isEqualTo(Kind.ERROR);
        assertThat(authority(CERTIFICATE.replace("M", "!"), now)).isEqualTo(Kind.ERROR);
        assertThat(authority(CERTIFICATE.replace("CERTIFICATE", "PRIVATE KEY"), now))
                .isEqualTo(Kind.ERROR);
        assertThat(EntryChecks.certificateAuthority(CERTIFICATE, null, now).kind)
                .isEqualTo(Kind.WARNING);
        assertThat(EntryChecks.certificateAuthority(null, null, now).kind).isEqualTo(Kind.OK);
    }

    private static Kind authority(String pem, Instant now) {
        return EntryChecks.certificateAuthority(pem, "https://10.0.0.1", now).kind;
    }

    @Test
    void aContextGoesWithAKubeconfig() {
        assertThat(EntryChecks.context("prod", null).kind).isEqualTo(Kind.OK);
        assertThat(EntryChecks.context("prod", "https://10.0.0.1").kind).isEqualTo(Kind.WARNING);
    }

    @ParameterizedTest
    @CsvSource({
        ", , OK",
        "shop, , OK",
        "shop, 'shop shop-*', OK",
        "shop-1, 'shop shop-*', OK",
        "billing, 'shop shop-*', ERROR",
        "Shop, , ERROR",
        "shop-, , ERROR",
        "a.b, , ERROR",
    })
    void aNamespaceIsADnsLabelThatIsAllowed(String namespace, String allowed, Kind kind) {
        assertThat(EntryChecks.namespace(namespace, allowed).kind).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({", OK", "*, OK", "'shop, shop-*', OK", "team-?, OK", "shop/*, ERROR", "Shop, ERROR", "'ok -x', ERROR"})
    void aPatternOfNamespacesCanTakeOne(String patterns, Kind kind) {
        assertThat(EntryChecks.namespaces(patterns).kind).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        ", OK",
        "*, OK",
        "Namespace, OK",
        "'Namespace, ClusterRole*.rbac.authorization.k8s.io', OK",
        "*.rbac.authorization.k8s.io, OK",
        "CustomResourceDefinition.apiextensions.k8s.io, OK",
        "ClusterRole, WARNING",
        "clusterroles, ERROR",
        "rbac.authorization.k8s.io/ClusterRole, ERROR",
    })
    void aKindIsWrittenAsInManifests(String patterns, Kind kind) {
        assertThat(EntryChecks.clusterScopedKinds(patterns).kind).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({", OK", "'shop ops/*', OK", "release/**, OK", "/shop, ERROR", "shop/, ERROR", "a//b, ERROR"})
    void aPathHasNoEmptyPart(String patterns, Kind kind) {
        assertThat(EntryChecks.paths(patterns).kind).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example.com, OK",
        "registry.example.com:5000, OK",
        "localhost:5000, OK",
        "[::1]:5000, OK",
        "docker.io, OK",
        "https://registry.example.com, ERROR",
        "registry.example.com/team, ERROR",
        "registry.example.com:port, ERROR",
        ", ERROR",
    })
    void aRegistryIsAHost(String registry, Kind kind) {
        assertThat(EntryChecks.registry(registry, List.of()).kind).isEqualTo(kind);
    }

    @Test
    void dockerHubIsOneRegistryWhateverItIsCalled() {
        assertThat(EntryChecks.registry("docker.io", List.of("registry-1.docker.io", "registry-1.docker.io")).kind)
                .isEqualTo(Kind.ERROR);
        assertThat(RegistryNames.asked("index.docker.io")).isEqualTo("registry-1.docker.io");
        assertThat(RegistryNames.asked("Registry.Example.com:5000")).isEqualTo("registry.example.com:5000");
    }

    @ParameterizedTest
    @CsvSource({
        "GOOD, CONTROLLER, OK",
        "GOOD, AGENT, OK",
        "LACKING, CONTROLLER, WARNING",
        "LACKING, AGENT, WARNING",
        "FAILED, CONTROLLER, ERROR",
        "FAILED, AGENT, WARNING",
    })
    void whatAgentsConnectToMayBeOutOfReach(State state, ConnectFrom from, Kind kind) {
        FormValidation found = EntryChecks.found(new ConnectionReport(state, List.of("One.", "Two.")), from);

        assertThat(found.kind).isEqualTo(kind);
        assertThat(found).hasMessageEndingWith("One.\nTwo.");
    }
}
