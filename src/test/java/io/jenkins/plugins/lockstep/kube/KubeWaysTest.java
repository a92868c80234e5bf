package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class KubeWaysTest {

    private static final Optional<ProxyVariables.Choice> NO_VARIABLE = Optional.empty();

    private final KubeWays ways = new KubeWays();
    private final List<OkHttpClient> made = new ArrayList<>();

    @Test
    void whoTrustsAndIntroducesHimselfInTheSameWayShares() {
        OkHttpClient first = client(tls("authority", "certificate", "key"), null);

        assertThat(client(tls("authority", "certificate", "key"), null)).isSameAs(first);
        assertThat(made).hasSize(1);
    }

    @Test
    void anotherAuthorityCertificateKeyOrProxyIsAnotherWay() {
        client(tls("authority", "certificate", "key"), null);
        client(tls("other", "certificate", "key"), null);
        client(tls("authority", "other", "key"), null);
        client(tls("authority", "certificate", "other"), null);
        client(tls("authority", "certificate", "key"), "http://proxy:3128");
        ways.client(
                tls("authority", "certificate", "key"),
                null,
                Optional.of(new ProxyVariables.Choice("HTTPS_PROXY", "http://proxy:3128")),
                this::make);
        client(new Tls("place", "authority", "certificate", "key", false, null), null);
        client(new Tls("place", "authority", "certificate", "key", true, "name"), null);

        assertThat(made).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheWaysThatWereUsedLastAreKept() {
        OkHttpClient first = client(tls("0", "certificate", "key"), null);
        for (int i = 1; i < 32; i++) {
            client(tls(String.valueOf(i), "certificate", "key"), null);
        }
        assertThat(client(tls("0", "certificate", "key"), null)).isSameAs(first);
        client(tls("32", "certificate", "key"), null);

        assertThat(client(tls("0", "certificate", "key"), null)).isSameAs(first);
        assertThat(made).hasSize(33);
        client(tls("1", "certificate", "key"), null);
        assertThat(made).hasSize(34);
    }

    private OkHttpClient client(Tls tls, String proxy) {
        return ways.client(tls, proxy, NO_VARIABLE, this::make);
    }

    private OkHttpClient make() {
        var client = new OkHttpClient();
        made.add(client);
        return client;
    }

    private static Tls tls(String authority, String certificate, String key) {
        return new Tls("place", authority, certificate, key, true, null);
    }
}
