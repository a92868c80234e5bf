package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.XStream2;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.junit.jupiter.WithJenkinsConfiguredWithCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The configuration as code, in and out, and as Jenkins keeps it. */
@WithJenkinsConfiguredWithCode
class ConfigurationAsCodeTest {

    @Test
    @ConfiguredWithCode("lockstep.yaml")
    void whatTheFileSaysIsConfiguredAndComesOutAgain(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        var configuration = LockstepConfiguration.get();
        assertThat(configuration.getClusters()).hasSize(2);
        ClusterEntry prod = configuration.getClusters().get(0);
        assertThat(prod.getName()).isEqualTo("prod");
        assertThat(prod.getCertificateAuthority()).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(prod.getConnectFrom()).isEqualTo(ConnectFrom.AGENT);
        assertThat(prod.isUntrustedPullRequests()).isFalse();
        assertThat(configuration.getClusters().get(1).getContext()).isEqualTo("kind");
        assertThat(configuration.getRegistries()).singleElement().hasToString("registry 'registry.example.com:5000'");

        var out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);

        String exported = out.toString(StandardCharsets.UTF_8);
        String ours = exported.substring(exported.indexOf("  lockstep:\n"));
        String given =
                new String(getClass().getResourceAsStream("lockstep.yaml").readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ours).startsWith(given.substring(given.indexOf("  lockstep:\n")));
    }

    @Test
    @ConfiguredWithCode("lockstep.yaml")
    void whatIsOnDiskIsFlatAndAnOlderOneIsRead(JenkinsConfiguredWithCodeRule jenkins) throws Exception {
        var kept = new XStream2().toXML(LockstepConfiguration.get());

        assertThat(kept)
                .contains("<connectFrom>AGENT</connectFrom>", "<namespaces>shop shop-*</namespaces>")
                .doesNotContain("<branches>", "CONTROLLER", "java.util", "resolves-to");
        ClusterEntry bare = (ClusterEntry) new XStream2()
                .fromXML("<" + ClusterEntry.class.getName() + "><name>old</name></" + ClusterEntry.class.getName()
                        + ">");
        assertThat(bare.getName()).isEqualTo("old");
        assertThat(bare.getConnectFrom()).isEqualTo(ConnectFrom.CONTROLLER);
        assertThat(bare.allowance().namespaces()).isEmpty();
    }
}
