package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarArchiveTest {

    private static final ImageDefinition.Application WAR = ImageDefinition.Application.of("target/cart.war");

    @TempDir
    Path project;

    @BeforeEach
    void pack() throws IOException {
        byte[] own = Files.readAllBytes(new TestJar().with("a", "b").write(project.resolve("own-1-SNAPSHOT.jar")));
        new TestJar()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")
                .with("WEB-INF/web.xml", "<web-app/>")
                .with("WEB-INF/classes/com/example/Cart.class", "cart")
                .with("WEB-INF/classes/messages.properties", "a=b")
                .with("WEB-INF/lib/spring-1.jar", "spring")
                .with("WEB-INF/lib/own-1-SNAPSHOT.jar", own)
                .with("index.jsp", "<html/>")
                .write(project.resolve("target/cart.war"));
    }

    @Test
    void aWarIsPutUnpackedWhereTheContainerLooksAndStartsWithIt() {
        String root = "/usr/local/tomcat/webapps/ROOT/";
        try (var image = TestImage.open(TestImage.of(WAR, "tomcat:10.1-jre17"), project)) {
            assertThat(TestImage.layers(image))
                    .containsExactly(
                            Map.entry("dependencies", List.of(root + "WEB-INF/lib/spring-1.jar")),
                            Map.entry("snapshot-dependencies", List.of(root + "WEB-INF/lib/own-1-SNAPSHOT.jar")),
                            Map.entry(
                                    "resources",
                                    List.of(
                                            root + "META-INF/MANIFEST.MF",
                                            root + "WEB-INF/classes/messages.properties",
                                            root + "WEB-INF/web.xml",
                                            root + "index.jsp")),
                            Map.entry("classes", List.of(root + "WEB-INF/classes/com/example/Cart.class")));
            assertThat(image.spec().entrypoint()).isNull();
            assertThat(image.spec().command()).isNull();
            assertThat(image.spec().workingDirectory()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tomcat,                                              /usr/local/tomcat/webapps/ROOT",
        "registry.example.com:5000/library/tomcat:9@sha256:DIGEST, /usr/local/tomcat/webapps/ROOT",
        "tomee:9,                                             /usr/local/tomee/webapps/ROOT",
        "docker.io/library/jetty:12,                          /var/lib/jetty/webapps/ROOT"
    })
    void knownContainersHaveAPlace(String base, String root) {
        String image = base.replace("DIGEST", "0".repeat(64));

        try (var assembly = TestImage.open(TestImage.of(WAR, image), project)) {
            assertThat(TestImage.layers(assembly).get("classes"))
                    .containsExactly(root + "/WEB-INF/classes/com/example/Cart.class");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eclipse-temurin:17-jre", "bitnami/tomcat:10", "scratch", "my/tomcat-base"})
    void onAnyOtherBaseThePlaceHasToBeSaid(String base) {
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> TestImage.open(TestImage.of(WAR, base), project))
                .satisfies(refused -> {
                    assertThat(refused.where()).isEqualTo("image cart: appRoot");
                    assertThat(refused.why()).contains("'" + base + "'", "jetty, tomcat, tomee");
                    assertThat(refused.hint()).contains("appRoot: /usr/local/tomcat/webapps/ROOT");
                });
        try (var assembly = TestImage.open(TestImage.of(TestImage.withRoot(WAR, "/opt/web/"), base), project)) {
            assertThat(TestImage.layers(assembly).get("classes"))
                    .containsExactly("/opt/web/WEB-INF/classes/com/example/Cart.class");
        }
    }
}
