package io.jenkins.plugins.lockstep.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names beyond ASCII, as machines with several locales see them: the image has the right name, or none. */
@EnabledOnOs(OS.LINUX)
class FileNamesTest {

    @TempDir
    Path directory;

    @Test
    void aNameIsTheSameInTheImageOrRefusedWhateverTheLocale() throws Exception {
        shell("mkdir site && echo 1 > \"$(printf 'site/gr\\303\\274n')\"");

        assertThat(names("C.UTF-8", "site")).isEqualTo("[/srv, /srv/gr\\u00fcn]");
        assertThat(names("POSIX", "site")).contains("can't use the name", "set LC_ALL=C.UTF-8");
    }

    @Test
    void aNameThatIsNotUtf8IsRefused() throws Exception {
        shell("mkdir site && echo 1 > \"$(printf 'site/gr\\374n')\"");

        assertThat(names("C.UTF-8", "site")).contains("is not UTF-8");
        assertThat(names("POSIX", "site")).contains("is not UTF-8");
    }

    @Test
    void aNameInAJarIsHeldToTheSame() throws Exception {
        new TestJar()
                .withBootManifest(BootApplication.LAUNCHER, "com.example.Cart")
                .with("BOOT-INF/classes/gr\u00fcn", "1")
                .write(directory.resolve("cart.jar"));

        assertThat(names("C.UTF-8", "cart.jar")).contains("/app/BOOT-INF/classes/gr\\u00fcn");
        assertThat(names("POSIX", "cart.jar")).contains("can't use the name", "set LC_ALL=C.UTF-8");
    }

    @Test
    void aNameInTheProjectFileIsHeldToTheSame() throws Exception {
        assertThat(names("POSIX", "gr\\u00fcn")).contains("can't use the name", "set LC_ALL=C.UTF-8");
    }

    private void shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private String names(String locale, String from) throws Exception {
        Path errors = directory.resolveSibling(directory.getFileName() + ".errors");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Names.class.getName(),
                        directory.toString(),
                        from)
                .redirectError(errors.toFile());
        java.environment().keySet().removeIf(name -> name.startsWith("LC_"));
        java.environment().put("LC_ALL", locale);
        try {
            Process process = java.start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            return output;
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** Opens an assembly in a process of its own, and prints the places of its files in ASCII. */
    static final class Names {

        private Names() {}

        public static void main(String[] arguments) throws IOException {
            String from = arguments[1].replace("\\u00fc", "\u00fc");
            boolean jar = from.endsWith(".jar");
            var definition = new ImageDefinition(
                    "cart",
                    ImageReference.parse("registry.example.com/shop/cart"),
                    Base.SCRATCH,
                    jar ? ImageDefinition.Application.of(from) : null,
                    jar ? List.of() : List.of(new ImageDefinition.Layer(from, "/srv", null)),
                    null,
                    null,
                    Map.of(),
                    null,
                    null,
                    List.of(),
                    List.of("linux/amd64"),
                    Map.of());
            var revision = new Revision(
                    Vcs.GIT, "0123456789abcdef0123456789abcdef01234567", Instant.parse("2026-11-23T07:40:00Z"));
            var facts = new ImageFacts(revision, null, null, path -> false);
            try (var assembly = ImageAssembly.open(definition, Path.of(arguments[0]), facts)) {
                print(assembly.spec().layers().stream()
                        .flatMap(layer -> layer.entries().stream())
                        .map(ImageLayer.Entry::target)
                        .toList()
                        .toString());
            } catch (DeliveryException e) {
                print(e.problem() + " " + e.what() + " " + e.why() + " " + e.hint());
            }
        }

        private static void print(String text) {
            text.chars()
                    .forEach(letter -> System.out.print(
                            letter < 0x80 ? String.valueOf((char) letter) : String.format("\\u%04x", letter)));
        }
    }
}
