package io.jenkins.plugins.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code pom.xml} and {@code pom-jenkins.xml} make the same plugin. Needs the hpi of {@code pom.xml} to be there. */
class TwoBuildsIT {

    private static final Path CENTRAL = Path.of("target/lockstep.hpi");
    private static final Path JENKINS = Path.of("target-jenkins/target/lockstep.hpi");

    private static Map<String, byte[]> central;
    private static Map<String, byte[]> jenkins;

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(Files.exists(CENTRAL), "there is no " + CENTRAL + ": run ./mvnw package first");
        central = entries(Files.newInputStream(CENTRAL));
        jenkins = entries(Files.newInputStream(JENKINS));
    }

    @Test
    void theyHoldTheSameLibrariesInTheSameVersions() {
        assertThat(libraries(jenkins)).containsExactlyElementsOf(libraries(central));
    }

    @Test
    void theyHoldTheSameClassesAndViews() throws IOException {
        assertThat(names(plugin(jenkins))).containsExactlyElementsOf(names(plugin(central)));
    }

    @Test
    void theyHoldTheSameIndexOfExtensionsAndSymbols() throws IOException {
        for (String index : new String[] {
            "META-INF/annotations/hudson.Extension.txt", "META-INF/services/annotations/org.jenkinsci.Symbol"
        }) {
            assertThat(lines(plugin(jenkins), index)).as(index).isEqualTo(lines(plugin(central), index));
        }
    }

    @Test
    void theirManifestsSayTheSameOfPluginsAndClassLoading() throws IOException {
        Attributes real = manifest(jenkins);
        Attributes ours = manifest(central);
        for (String name : new String[] {
            "Short-Name",
            "Long-Name",
            "Group-Id",
            "Url",
            "Hudson-Version",
            "Jenkins-Version",
            "PluginFirstClassLoader",
            "Support-Dynamic-Loading"
        }) {
            assertThat(ours.getValue(name)).as(name).isEqualTo(real.getValue(name));
        }
        assertThat(dependencies(ours)).isEqualTo(dependencies(real));
    }

    private static TreeSet<String> dependencies(Attributes manifest) {
        return new TreeSet<>(
                Arrays.asList(manifest.getValue("Plugin-Dependencies").split(",")));
    }

    private static TreeSet<String> libraries(Map<String, byte[]> hpi) {
        var names = new TreeSet<>(hpi.keySet());
        names.removeIf(name -> !name.startsWith("WEB-INF/lib/") || name.endsWith("/"));
        return names;
    }

    private static TreeSet<String> names(Map<String, byte[]> jar) {
        var names = new TreeSet<>(jar.keySet());
        // Who made a jar writes its own name into it, and the indexer a readable copy of what it wrote. Stapler's
        // processor
        // writes parameters' names down, which both builds have in the classes, and comments for the remote API's page.
        names.removeIf(name -> name.endsWith("/")
                || name.startsWith("META-INF/")
                || name.endsWith(".stapler")
                || name.endsWith(".javadoc"));
        return names;
    }

    private static TreeSet<String> lines(Map<String, byte[]> jar, String name) {
        assertThat(jar).containsKey(name);
        return new TreeSet<>(
                new String(jar.get(name), StandardCharsets.UTF_8).lines().toList());
    }

    private static Attributes manifest(Map<String, byte[]> hpi) throws IOException {
        return new Manifest(new ByteArrayInputStream(hpi.get("META-INF/MANIFEST.MF"))).getMainAttributes();
    }

    private static Map<String, byte[]> plugin(Map<String, byte[]> hpi) throws IOException {
        return entries(new ByteArrayInputStream(hpi.get("WEB-INF/lib/lockstep.jar")));
    }

    private static Map<String, byte[]> entries(InputStream archive) throws IOException {
        var entries = new TreeMap<String, byte[]>();
        try (var zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                boolean content = Stream.of(".MF", ".txt", "org.jenkinsci.Symbol", "lockstep.jar")
                        .anyMatch(entry.getName()::endsWith);
                entries.put(entry.getName(), content ? zip.readAllBytes() : new byte[0]);
            }
        }
        return entries;
    }
}
