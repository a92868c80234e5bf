package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Fingerprint;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.security.ACL;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess.Server;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Which credentials an entry gets, and that their use is recorded. */
@WithJenkins
class ConfiguredCredentialsTest {

    @Test
    void anEntryUsesTheCredentialsOfItsPlace(JenkinsRule jenkins) throws Exception {
        TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "token", "of-the-controller"));
        TestCredentials.global(TestCredentials.login("login", "robot", "pass"));
        Folder shop = jenkins.createProject(Folder.class, "shop");
        Folder billing = jenkins.createProject(Folder.class, "billing");
        TestCredentials.in(shop, TestCredentials.token(CredentialsScope.GLOBAL, "token", "of-the-shop"));
        TestCredentials.in(shop, TestCredentials.kubeconfig("kubeconfig", "apiVersion: v1"));
        FreeStyleProject cart = shop.createProject(FreeStyleProject.class, "cart");
        FreeStyleProject invoice = billing.createProject(FreeStyleProject.class, "invoice");

        var registry = new RegistryEntry("Docker.io");
        registry.setCredentialsId("login");
        var broken = new RegistryEntry("other.example.com");
        broken.setCredentialsId("gone");
        var nobody = new RegistryEntry("open.example.com");
        LockstepConfiguration.get().setClusters(List.of(api("global", "token")));
        LockstepConfiguration.get().setRegistries(List.of(registry, broken, nobody));
        add(shop, api("near", "token"), kubeconfig("file", "kubeconfig"));
        // Neither may a folder have what is of scope SYSTEM, nor what another folder has.
        add(billing, api("near", "token"), kubeconfig("file", "kubeconfig"));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(cart);
        var ofCart = Configured.of(cart);
        assertThat(ofCart.clusterNames()).containsExactly("near", "file", "global");
        assertThat(ofCart.cluster("global", build).access().server())
                .isEqualTo(new Server.Api("https://10.0.0.1:6443", null, "of-the-controller"));
        assertThat(ofCart.cluster("near", build).access().server())
                .isEqualTo(new Server.Api("https://10.0.0.1:6443", null, "of-the-shop"));
        assertThat(ofCart.cluster("file", null).access().server())
                .isEqualTo(new Server.Kubeconfig("apiVersion: v1", null));
        assertThat(ofCart.cluster("file", null).access().toString()).doesNotContain("apiVersion");
        assertThat(ofCart.cluster("near", null).toString()).doesNotContain("of-the-shop");
        var warnings = new java.util.ArrayList<String>();
        assertThat(ofCart.logins(build, warningsTo(warnings)))
                .isEqualTo(java.util.Map.of("registry-1.docker.io", new RegistryLogin("robot", "pass")));
        assertThat(warnings).singleElement().asString().contains("other.example.com", "gone");
        assertThat(uses(build, "token", "login")).isEqualTo(3);

        var ofInvoice = Configured.of(invoice);
        assertThatThrownBy(() -> ofInvoice.cluster("near", null))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("there is no credential 'token' that it may use");
        assertThatThrownBy(() -> ofInvoice.cluster("file", null)).isInstanceOf(DeliveryException.class);
        // The global entry may, whoever asks.
        assertThat(ofInvoice.cluster("global", null).from()).isEqualTo(ConnectFrom.CONTROLLER);
        // A folder has what the jobs in it have.
        assertThat(Configured.of(shop).clusterNames()).containsExactly("near", "file", "global");
    }

    private static io.jenkins.plugins.lockstep.common.Progress warningsTo(List<String> warnings) {
        return (io.jenkins.plugins.lockstep.common.Progress) java.lang.reflect.Proxy.newProxyInstance(
                ConfiguredCredentialsTest.class.getClassLoader(),
                new Class<?>[] {io.jenkins.plugins.lockstep.common.Progress.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("warn")) {
                        warnings.add(String.valueOf(arguments[0]));
                    }
                    return null;
                });
    }

    /** How many of the credentials with these ids say that the build used them. */
    private static long uses(FreeStyleBuild build, String... ids) throws Exception {
        var found = new java.util.ArrayList<StandardCredentials>();
        found.addAll(CredentialsProvider.lookupCredentialsInItem(
                StandardCredentials.class, build.getParent(), ACL.SYSTEM2, List.of()));
        found.addAll(CredentialsProvider.lookupCredentialsInItemGroup(
                StandardCredentials.class, jenkins.model.Jenkins.get(), ACL.SYSTEM2, List.of()));
        long uses = 0;
        for (StandardCredentials credentials : new java.util.LinkedHashSet<>(found)) {
            Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(credentials);
            if (List.of(ids).contains(credentials.getId())
                    && fingerprint != null
                    && fingerprint.getRangeSet(build.getParent().getFullName()).includes(build.getNumber())) {
                uses++;
            }
        }
        return uses;
    }

    private static void add(Folder folder, ClusterEntry... clusters) throws Exception {
        var property = new LockstepFolderProperty();
        property.setClusters(List.of(clusters));
        folder.addProperty(property);
    }

    private static ClusterEntry api(String name, String credentialsId) {
        var entry = new ClusterEntry(name);
        entry.setUrl("https://10.0.0.1:6443");
        entry.setCredentialsId(credentialsId);
        return entry;
    }

    private static ClusterEntry kubeconfig(String name, String credentialsId) {
        var entry = new ClusterEntry(name);
        entry.setCredentialsId(credentialsId);
        return entry;
    }
}
