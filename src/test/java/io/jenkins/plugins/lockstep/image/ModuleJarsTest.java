package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TimeZone;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleJarsTest {

    private final OpenSources sources = new OpenSources();
    private final ModuleJars modules = new ModuleJars(List.of(), sources);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        sources.close();
    }

    @Test
    void twoJarsOfOneContentBecomeOne() throws IOException {
        Path here = jar().write(directory.resolve("here.jar"));
        Path there = jar().asFromAnotherMachine().write(directory.resolve("there.jar"));
        Path one = modules.canonical(here, "from");
        TimeZone zone = TimeZone.getDefault();
        Path other;
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            other = modules.canonical(there, "from");
        } finally {
            TimeZone.setDefault(zone);
        }

        assertThat(here).isNotEqualTo(there);
        assertThat(Files.mismatch(here, there)).isNotEqualTo(-1);
        assertThat(other).hasSameBinaryContentAs(one);
        assertThat(modules.canonical(one, "from")).hasSameBinaryContentAs(one);
    }

    @Test
    void theManifestComesFirstThenEveryNameSortedWithItsDirectories() throws IOException {
        Path packed = modules.canonical(jar().write(directory.resolve("a.jar")), "from");

        try (var zip = new ZipFile(packed.toFile())) {
            assertThat(Collections.list(zip.entries()).stream().map(ZipEntry::getName))
                    .containsExactly(
                            "META-INF/",
                            "META-INF/MANIFEST.MF",
                            "META-INF/maven/",
                            "META-INF/maven/pom.xml",
                            "com/",
                            "com/example/",
                            "com/example/A.class",
                            "com/example/B.class");
            for (ZipEntry entry : Collections.list(zip.entries())) {
                assertThat(entry.getExtra()).isNull();
                assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
            }
            assertThat(new String(
                            zip.getInputStream(zip.getEntry("com/example/B.class"))
                                    .readAllBytes(),
                            StandardCharsets.UTF_8))
                    .isEqualTo("b");
        }
        try (var in = new JarInputStream(Files.newInputStream(packed))) {
            assertThat(in.getManifest().getMainAttributes().getValue("Created-By"))
                    .isEqualTo("jane");
        }
    }

    @Test
    void aSignedJarStaysAsItIs() throws IOException {
        Path signed = jar().with("META-INF/SHOP.SF", "signature").write(directory.resolve("signed.jar"));

        assertThat(modules.canonical(signed, "from")).isEqualTo(signed);
    }

    @Test
    void aDamagedJarIsSaidToBeOne() throws IOException {
        Path jar = jar().asFromAnotherMachine().write(directory.resolve("a.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("jane")]++;
        Files.write(jar, bytes);

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> modules.canonical(jar, "from"))
                .satisfies(refused -> {
                    assertThat(refused.what()).isEqualTo(jar + " is damaged");
                    assertThat(refused.hint()).isEqualTo("build it again");
                });
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        Path packed = modules.canonical(jar().write(directory.resolve("a.jar")), "from");
        assertThat(packed).exists();

        sources.close();

        assertThat(packed).doesNotExist();
        assertThat(packed.getParent()).doesNotExist();
    }

    private static TestJar jar() {
        return new TestJar()
                .with("com/example/B.class", "b")
                .with("com/example/A.class", "a")
                .with("META-INF/maven/pom.xml", "<project/>")
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nCreated-By: jane\n\n");
    }
}
