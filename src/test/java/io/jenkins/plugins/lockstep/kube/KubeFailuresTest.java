package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

class KubeFailuresTest {

    @Test
    void whatIsWrongWithCertificatesDoesNotMendItself() {
        var untrusted = new SSLHandshakeException("PKIX path building failed");
        untrusted.initCause(new CertificateException("no"));
        for (IOException failure : List.of(
                untrusted,
                new SSLHandshakeException("Received fatal alert: bad_certificate"),
                new SSLException("Received fatal alert: protocol_version"),
                new SSLPeerUnverifiedException("Hostname 10.0.0.1 not verified"),
                new SSLException("Unsupported or unrecognized SSL message"))) {
            assertThat(KubeFailures.isPassing(failure)).as("%s", failure).isFalse();
        }
    }

    @Test
    void aConnectionThatBreaksMayHoldTheNextTime() {
        for (IOException failure : List.of(
                new SSLHandshakeException("Remote host terminated the handshake"),
                new SocketException("Connection reset"),
                new ConnectException("Connection refused"),
                new EOFException())) {
            assertThat(KubeFailures.isPassing(failure)).as("%s", failure).isTrue();
        }
    }
}
