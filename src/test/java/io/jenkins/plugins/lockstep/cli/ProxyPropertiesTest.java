package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyPropertiesTest {

    @Test
    void theVariablesAreSaidInJavasWords() {
        assertThat(ProxyProperties.of(Map.of(
                        "HTTPS_PROXY", "http://joe:pa%3Ass@proxy.example.com:3128",
                        "http_proxy", "plain.example.com",
                        "NO_PROXY", "example.org, .internal,*.corp,10.0.0.0/8,192.168.7.0/24,10.9.0.0/13,reg:5000")))
                .isEqualTo(
                        Map.of(
                                "https.proxyHost", "proxy.example.com",
                                "https.proxyPort", "3128",
                                "https.proxyUser", "joe",
                                "https.proxyPassword", "pa:ss",
                                "http.proxyHost", "plain.example.com",
                                "http.proxyPort", "80",
                                "http.nonProxyHosts",
                                        "localhost|127.*|[::1]|example.org|*.example.org|*.internal|*.corp|10.*|192.168.7.*|reg|*.reg"));
    }

    @Test
    void withoutAProxyNothingIsSaid() {
        assertThat(ProxyProperties.of(Map.of())).isEmpty();
        assertThat(ProxyProperties.of(Map.of("NO_PROXY", "example.org"))).isEmpty();
        assertThat(ProxyProperties.of(Map.of("HTTPS_PROXY", "http://proxy:1", "NO_PROXY", "a, *")))
                .isEmpty();
        assertThat(ProxyProperties.of(Map.of("HTTPS_PROXY", "https://proxy:1"))).isEmpty();
        assertThat(ProxyProperties.of(Map.of("HTTPS_PROXY", "http://ü b"))).isEmpty();
    }
}
