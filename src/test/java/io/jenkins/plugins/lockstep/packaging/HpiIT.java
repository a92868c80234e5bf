package io.jenkins.plugins.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The plugin as a controller gets it. */
class HpiIT {

    private static final Path FILE = Path.of("target/lockstep.hpi");
    private static final String LIBRARIES = "WEB-INF/lib/";

    private static Archive hpi;
    private static Archive plugin;

    @BeforeAll
    static void read() throws IOException {
        hpi = Archive.read(FILE);
        plugin = hpi.inner(LIBRARIES + "lockstep.jar");
    }

    @Test
    void itIsSmallerThan45Megabytes() throws IOException {
        assertThat(Files.size(FILE)).isLessThan(45_000_000);
    }

    @Test
    void itsManifestSaysWhatAControllerReads() throws IOException {
        Attributes manifest = hpi.manifest();

        assertThat(attributes(
                        manifest,
                        "Short-Name",
                        "Long-Name",
                        "Group-Id",
                        "Artifact-Id",
                        "Jenkins-Version",
                        "Hudson-Version",
                        "Plugin-Dependencies",
                        "PluginFirstClassLoader",
                        "Support-Dynamic-Loading",
                        "Plugin-License-Name"))
                .isEqualTo(Map.of(
                        "Short-Name", "lockstep",
                        "Long-Name", "Lockstep",
                        "Group-Id", "io.jenkins.plugins",
                        "Artifact-Id", "lockstep",
                        "Jenkins-Version", "2.479.3",
                        "Hudson-Version", "2.479.3",
                        "Plugin-Dependencies",
                                "workflow-step-api:704.ve4f0967e98fa_,bouncycastle-api:2.30.1.80-261.v00c0e2618ec3,"
                                        + "cloudbees-folder:6.1026.ve06dfa_cf31c3,credentials:1415.v831096eb_5534,"
                                        + "plain-credentials:199.v9f8e1f741799,scm-api:704.v3ce5c542825a_",
                        "PluginFirstClassLoader", "true",
                        "Support-Dynamic-Loading", "true",
                        "Plugin-License-Name", "MIT License"));
        assertThat(manifest.getValue("Plugin-Version"))
                .matches("\\d+\\.\\d+.*")
                .isEqualTo(manifest.getValue("Implementation-Version"));
        assertThat(manifest)
                .as("maven-hpi-plugin writes none of these")
                .doesNotContainKeys(new Attributes.Name("Minimum-Java-Version"), new Attributes.Name("Extension-Name"));
    }

    /** A controller lets classes in from agents only where the manifest of their own jar is that of a plugin. */
    @Test
    void theJarInItIsKnownAsThePluginToo() throws IOException {
        var names = new String[] {"Short-Name", "Plugin-Version", "Jenkins-Version"};

        assertThat(attributes(plugin.manifest(), names)).isEqualTo(attributes(hpi.manifest(), names));
    }

    @Test
    void itHoldsExactlyTheLibrariesThatItNeeds() throws IOException {
        List<String> expected = Files.readAllLines(Path.of("src/test/resources/packaging/hpi-libraries.txt"));

        assertThat(hpi.entries().keySet().stream()
                        .filter(name -> name.startsWith(LIBRARIES))
                        .map(name -> name.substring(LIBRARIES.length()).replaceFirst("-\\d.*\\.jar$", ""))
                        .filter(name -> !name.equals("lockstep.jar")))
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(hpi.entries().keySet())
                .allMatch(name -> name.startsWith(LIBRARIES) || name.equals("META-INF/MANIFEST.MF"));
    }

    @Test
    void thePluginIsInItButNotTheCommandLineNorAnyDeclaredClassOfJenkins() {
        assertThat(plugin.entries().keySet())
                .contains(
                        "index.jelly",
                        "META-INF/annotations/hudson.Extension",
                        "META-INF/services/annotations/org.jenkinsci.Symbol",
                        "io/jenkins/plugins/lockstep/delivery/Delivery.class",
                        "io/jenkins/plugins/lockstep/jenkins/step/DeployStep.class",
                        "io/jenkins/plugins/lockstep/jenkins/step/DeployStep/config.jelly")
                .noneMatch(name -> name.startsWith("io/jenkins/plugins/lockstep/cli/"))
                .filteredOn(name -> name.endsWith(".class"))
                .allMatch(name -> name.startsWith("io/jenkins/plugins/lockstep/"));
    }

    @Test
    void noLibraryBringsAClassOfJenkins() throws IOException {
        for (String library : hpi.entries().keySet()) {
            if (library.endsWith(".jar")) {
                assertThat(hpi.inner(library).entries().keySet())
                        .as(library)
                        .noneMatch(JenkinsClasses::isOne)
                        .noneMatch(name -> name.startsWith("picocli/"));
            }
        }
    }

    private static Map<String, String> attributes(Attributes manifest, String... names) {
        return List.of(names).stream()
                .filter(name -> manifest.getValue(name) != null)
                .collect(Collectors.toMap(name -> name, manifest::getValue));
    }
}
