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
import hudson.model.ItemGroup;
import hudson.security.ACL;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess.Server;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        var warnings = new ArrayList<String>();
        assertThat(ofCart.logins(build, warningsTo(warnings)))
                .isEqualTo(Map.of("registry-1.docker.io", new RegistryLogin("robot", "pass")));
        assertThat(warnings).singleElement().asString().contains("other.example.com", "gone");
        assertThat(usedBy(build, shop)).containsExactlyInAnyOrder("token", "login");
        assertThat(usedBy(build, jenkins.jenkins)).containsExactlyInAnyOrder("token", "login");

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

    private static Progress warningsTo(List<String> warnings) {
        return (Progress) Proxy.newProxyInstance(
                ConfiguredCredentialsTest.class.getClassLoader(),
                new Class<?>[] {Progress.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("warn")) {
                        warnings.add(String.valueOf(arguments[0]));
                    }
                    return null;
                });
    }

    /** The ids of the credentials of a place of which Jenkins says that the build used them. */
    private static List<String> usedBy(FreeStyleBuild build, ItemGroup<?> place) throws Exception {
        var used = new ArrayList<String>();
        for (StandardCredentials credentials : CredentialsProvider.lookupCredentialsInItemGroup(
                StandardCredentials.class, place, ACL.SYSTEM2, List.of())) {
            Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(credentials);
            if (fingerprint != null
                    && fingerprint.getRangeSet(build.getParent().getFullName()).includes(build.getNumber())) {
                used.add(credentials.getId());
            }
        }
        return used;
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
