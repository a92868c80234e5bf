package io.jenkins.plugins.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The command line as a user gets it. */
class CliJarIT {

    private static final Path FILE = Path.of("target/lockstep-cli.jar");

    @Test
    void itIsSmallerThan32Megabytes() throws IOException {
        assertThat(Files.size(FILE)).isLessThan(32_000_000);
    }

    @Test
    void nothingOfThePluginIsInIt() throws IOException {
        assertThat(Archive.read(FILE).entries().keySet())
                .contains("io/jenkins/plugins/lockstep/cli/Main.class")
                .noneMatch(JenkinsClasses::isOne)
                .noneMatch(name -> name.startsWith("io/jenkins/plugins/lockstep/jenkins/"))
                .noneMatch(name -> name.startsWith("META-INF/annotations/"))
                .noneMatch(name -> name.startsWith("META-INF/services/annotations/"))
                .doesNotContain("index.jelly");
    }
}
