package io.jenkins.plugins.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.PluginWrapper;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** In a controller with its real class loaders, beside plugins that bring other versions of the same libraries. */
class ClassLoadingTest {

    private static final List<String> OURS = List.of(
            "com.google.cloud.tools.jib.api.Jib",
            "com.google.common.collect.ImmutableList",
            "com.google.gson.Gson",
            "com.google.api.client.http.HttpTransport",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "io.kubernetes.client.util.Yaml",
            "okhttp3.OkHttpClient",
            "okio.Okio",
            "org.apache.commons.codec.binary.Base64",
            "org.apache.commons.compress.archivers.tar.TarArchiveInputStream",
            "org.apache.commons.io.IOUtils",
            "org.apache.http.client.HttpClient",
            "org.eclipse.jgit.lib.Repository",
            "org.objectweb.asm.ClassReader",
            "org.yaml.snakeyaml.Yaml");

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension();

    @Test
    void eachPluginSeesTheLibrariesThatItWasBuiltWith() throws Throwable {
        controller.then(ClassLoadingTest::look);
    }

    private static void look(JenkinsRule rule) throws Exception {
        assertThat(rule.jenkins.pluginManager.getFailedPlugins()).isEmpty();
        ClassLoader ours = plugin("lockstep");
        for (String name : OURS) {
            Class<?> type = Class.forName(name, true, ours);
            assertThat(type.getClassLoader()).as(name).isSameAs(ours);
        }
        for (String shared : List.of(
                "hudson.model.Run",
                "org.slf4j.Logger",
                "org.apache.commons.logging.Log",
                "org.jenkinsci.plugins.workflow.steps.Step",
                "com.cloudbees.plugins.credentials.Credentials",
                "org.bouncycastle.openssl.PEMParser")) {
            assertThat(Class.forName(shared, false, ours).getClassLoader())
                    .as(shared)
                    .isNotSameAs(ours);
        }

        assertThat(Class.forName("org.eclipse.jgit.lib.Repository", true, plugin("git-client")))
                .isNotSameAs(Class.forName("org.eclipse.jgit.lib.Repository", true, ours));
        ClassLoader fabric8 = plugin("kubernetes-client-api");
        assertThat(Class.forName("io.fabric8.kubernetes.client.KubernetesClientBuilder", true, fabric8)
                        .getConstructor()
                        .newInstance())
                .isNotNull();
        assertThat(com.google.common.collect.ImmutableList.class.getClassLoader())
                .as("core's Guava stays core's")
                .isNotSameAs(ours);
    }

    private static ClassLoader plugin(String name) {
        PluginWrapper plugin = Jenkins.get().pluginManager.getPlugin(name);
        assertThat(plugin).as(name).isNotNull();
        assertThat(plugin.isActive()).as(name).isTrue();
        return plugin.classLoader;
    }
}
