package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation.Kind;
import hudson.util.ListBoxModel;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The forms, as a browser and as others use them. */
@WithJenkins
class ConfigurationFormTest {

    private static final List<String> FIELDS = List.of(
            "name",
            "url",
            "certificateAuthority",
            "credentialsId",
            "context",
            "connectFrom",
            "namespace",
            "namespaces",
            "clusterScopedKinds",
            "folders",
            "branches",
            "untrustedPullRequests");

    @Test
    void whatIsConfiguredSurvivesTheForms(JenkinsRule jenkins) throws Exception {
        TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "prod-token", "t"));
        TestCredentials.global(TestCredentials.kubeconfig("kubeconfig", "{}"));
        TestCredentials.global(TestCredentials.login("registry-login", "robot", "p"));
        Folder shop = jenkins.createProject(Folder.class, "shop");
        var global = LockstepConfiguration.get();
        List<ClusterEntry> clusters = List.of(full(), new ClusterEntry("bare"));
        var registry = new RegistryEntry("registry.example.com:5000");
        registry.setCredentialsId("registry-login");
        var property = new LockstepFolderProperty();
        property.setClusters(List.of(kubeconfig()));
        property.setRegistries(List.of(registry));
        shop.addProperty(property);
        global.setClusters(clusters);
        global.setRegistries(List.of(registry));

        jenkins.configRoundtrip();
        jenkins.configRoundtrip((Item) shop);

        assertSame(jenkins, global.getClusters(), clusters);
        jenkins.assertEqualDataBoundBeans(registry, global.getRegistries().get(0));
        var kept = shop.getProperties().get(LockstepFolderProperty.class);
        assertSame(jenkins, kept.getClusters(), List.of(kubeconfig()));
        jenkins.assertEqualDataBoundBeans(registry, kept.getRegistries().get(0));
        // And from disk.
        assertSame(jenkins, new LockstepConfiguration().getClusters(), clusters);
    }

    @Test
    void whatIsTakenOutOfTheFormsIsGone(JenkinsRule jenkins) throws Exception {
        Folder shop = jenkins.createProject(Folder.class, "shop");
        var property = new LockstepFolderProperty();
        property.setClusters(List.of(new ClusterEntry("prod")));
        shop.addProperty(property);
        LockstepConfiguration.get().setClusters(List.of(new ClusterEntry("prod")));

        var browser = jenkins.createWebClient();
        deleteAll(jenkins, browser.goTo("configure"));
        deleteAll(jenkins, browser.getPage(shop, "configure"));

        assertThat(LockstepConfiguration.get().getClusters()).isEmpty();
        assertThat(shop.getProperties().get(LockstepFolderProperty.class)).isNull();
    }

    @Test
    void theSameNameTwiceIsRefusedAndNothingIsKept(JenkinsRule jenkins) throws Exception {
        LockstepConfiguration.get().setClusters(List.of(new ClusterEntry("prod"), new ClusterEntry("test")));
        Folder shop = jenkins.createProject(Folder.class, "shop");
        var property = new LockstepFolderProperty();
        property.setClusters(List.of(new ClusterEntry("prod"), new ClusterEntry("test")));
        shop.addProperty(property);
        var browser = jenkins.createWebClient();
        browser.getOptions().setThrowExceptionOnFailingStatusCode(false);
        for (String page : List.of("configure", "job/shop/configure")) {
            HtmlForm form = browser.goTo(page).getFormByName("config");
            form.getInputsByValue("test").get(0).setValue("prod");

            HtmlPage answer = jenkins.submit(form);

            assertThat(answer.asNormalizedText())
                    .contains("cluster 'prod' is there twice")
                    .doesNotContain("Oops", "Exception");
        }
        assertThat(LockstepConfiguration.get().getClusters())
                .extracting(ClusterEntry::getName)
                .containsExactly("prod", "test");
        assertThat(shop.getProperties().get(LockstepFolderProperty.class).getClusters())
                .extracting(ClusterEntry::getName)
                .containsExactly("prod", "test");
    }

    @Test
    void onlyWhoMayConfigureThePlaceSeesItsCredentials(JenkinsRule jenkins) throws Exception {
        TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "system-token", "t"));
        TestCredentials.global(TestCredentials.token(CredentialsScope.GLOBAL, "global-token", "t"));
        TestCredentials.global(TestCredentials.login("registry-login", "robot", "p"));
        Folder shop = jenkins.createProject(Folder.class, "shop");
        Folder billing = jenkins.createProject(Folder.class, "billing");
        Folder cart = shop.createProject(Folder.class, "cart");
        TestCredentials.in(shop, TestCredentials.kubeconfig("shop-kubeconfig", "{}"));
        TestCredentials.in(cart, TestCredentials.token(CredentialsScope.GLOBAL, "cart-token", "t"));
        TestCredentials.in(billing, TestCredentials.token(CredentialsScope.GLOBAL, "billing-token", "t"));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("owner", "guest")
                .grant(Item.READ, Item.CONFIGURE)
                .onFolders(shop)
                .to("owner"));
        var clusters = jenkins.jenkins.getDescriptorByType(ClusterEntry.DescriptorImpl.class);
        var registries = jenkins.jenkins.getDescriptorByType(RegistryEntry.DescriptorImpl.class);

        try (ACLContext admin = as("admin")) {
            assertThat(values(clusters.doFillCredentialsIdItems(null, "gone", null)))
                    .containsExactlyInAnyOrder("", "system-token", "global-token", "gone");
            assertThat(values(registries.doFillCredentialsIdItems(null, "", null)))
                    .containsExactlyInAnyOrder("", "registry-login");
            assertThat(clusters.doCheckCredentialsId(null, "system-token", "https://10.0.0.1").kind)
                    .isEqualTo(Kind.OK);
            assertThat(clusters.doCheckCredentialsId(null, "system-token", "").kind)
                    .isEqualTo(Kind.ERROR);
            assertThat(clusters.doCheckCredentialsId(null, "shop-kubeconfig", "").kind)
                    .isEqualTo(Kind.ERROR);
        }
        try (ACLContext owner = as("owner")) {
            assertThat(values(clusters.doFillCredentialsIdItems(shop, "", null)))
                    .containsExactlyInAnyOrder("", "global-token", "shop-kubeconfig");
            assertThat(values(clusters.doFillCredentialsIdItems(cart, "", null)))
                    .containsExactlyInAnyOrder("", "global-token", "shop-kubeconfig", "cart-token");
            assertThat(clusters.doCheckCredentialsId(shop, "shop-kubeconfig", "").kind)
                    .isEqualTo(Kind.OK);
            assertThat(clusters.doCheckCredentialsId(shop, "shop-kubeconfig", "https://10.0.0.1").kind)
                    .isEqualTo(Kind.ERROR);
            assertThat(clusters.doCheckCredentialsId(shop, "system-token", "https://10.0.0.1").kind)
                    .isEqualTo(Kind.ERROR);
            assertThat(values(clusters.doFillCredentialsIdItems(null, "", null)))
                    .containsExactly("");
            assertThat(values(clusters.doFillCredentialsIdItems(billing, "kept", null)))
                    .containsExactly("kept");
            assertThat(clusters.doTestConnection(null, "x", "http://127.0.0.1:1", "", "global-token", "", "", "").kind)
                    .isEqualTo(Kind.OK);
        }
        try (ACLContext guest = as("guest")) {
            assertThat(values(clusters.doFillCredentialsIdItems(shop, "kept", null)))
                    .containsExactly("kept");
            assertThat(clusters.doCheckName(shop, "").kind).isEqualTo(Kind.OK);
        }
        String shopForm =
                "job/shop/descriptorByName/" + ClusterEntry.class.getName() + "/fillCredentialsIdItems?credentialsId=x";
        String test = "descriptorByName/" + ClusterEntry.class.getName() + "/testConnection?name=x&credentialsId=gone";
        assertThat(status(jenkins, HttpMethod.GET, shopForm)).isEqualTo(404);
        assertThat(status(jenkins, HttpMethod.POST, shopForm)).isEqualTo(200);
        assertThat(status(jenkins, HttpMethod.GET, test)).isEqualTo(404);
        assertThat(status(jenkins, HttpMethod.POST, test)).isEqualTo(200);
    }

    @Test
    void aConnectionThatCannotBeMadeIsExplained(JenkinsRule jenkins) throws Exception {
        TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "token", "s3cr3t-token"));
        var clusters = jenkins.jenkins.getDescriptorByType(ClusterEntry.DescriptorImpl.class);

        var fromHere =
                clusters.doTestConnection(null, "prod", "https://127.0.0.1:1", "", "token", "", "CONTROLLER", "");
        var fromAgents = clusters.doTestConnection(null, "prod", "https://127.0.0.1:1", "", "token", "", "AGENT", "");
        var without = clusters.doTestConnection(null, "prod", "https://127.0.0.1:1", "", "gone", "", "", "");
        var registry = jenkins.jenkins
                .getDescriptorByType(RegistryEntry.DescriptorImpl.class)
                .doTestConnection(null, "127.0.0.1:1", "");

        assertThat(fromHere.kind).isEqualTo(Kind.ERROR);
        assertThat(fromHere.renderHtml()).contains("127.0.0.1:1").doesNotContain("s3cr3t-token");
        assertThat(fromAgents.kind).isEqualTo(Kind.WARNING);
        assertThat(without.renderHtml()).contains("there is no credential &#039;gone&#039;");
        assertThat(registry.kind).isEqualTo(Kind.ERROR);
    }

    private static ClusterEntry full() {
        var entry = new ClusterEntry("prod");
        entry.setUrl("https://10.0.0.1:6443");
        entry.setCertificateAuthority("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
        entry.setCredentialsId("prod-token");
        entry.setConnectFrom(ConnectFrom.AGENT);
        entry.setNamespace("shop");
        entry.setNamespaces("shop shop-*");
        entry.setClusterScopedKinds("Namespace");
        entry.setFolders("shop ops/*");
        entry.setBranches("main release/*");
        entry.setUntrustedPullRequests(true);
        return entry;
    }

    private static ClusterEntry kubeconfig() {
        var entry = new ClusterEntry("test");
        entry.setCredentialsId("kubeconfig");
        entry.setContext("test");
        return entry;
    }

    private static void assertSame(JenkinsRule jenkins, List<ClusterEntry> actual, List<ClusterEntry> expected)
            throws Exception {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            jenkins.assertEqualBeans(expected.get(i), actual.get(i), String.join(",", FIELDS));
        }
    }

    private static void deleteAll(JenkinsRule jenkins, HtmlPage page) throws Exception {
        HtmlForm form = page.getFormByName("config");
        List<HtmlButton> buttons = form.getByXPath(
                ".//div[@name='clusters' or @name='registries']//button[contains(@class, 'repeatable-delete')]");
        assertThat(buttons).hasSize(1);
        for (HtmlButton button : buttons) {
            button.click();
        }
        page.getWebClient().waitForBackgroundJavaScript(2000);
        jenkins.submit(form);
    }

    private static int status(JenkinsRule jenkins, HttpMethod method, String path) throws Exception {
        var browser = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        browser.login("admin");
        return browser.getPage(browser.addCrumb(new WebRequest(new URL(jenkins.getURL(), path), method)))
                .getWebResponse()
                .getStatusCode();
    }

    private static ACLContext as(String user) {
        return ACL.as2(hudson.model.User.getById(user, true).impersonate2());
    }

    private static List<String> values(ListBoxModel choices) {
        return choices.stream().map(choice -> choice.value).toList();
    }
}
