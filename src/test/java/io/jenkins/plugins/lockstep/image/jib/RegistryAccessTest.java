package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.Credential;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAccessTest {

    private static final String REGISTRY = "registry.example.com";

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000"})
    void loopbackMaySpeakPlainHttp(String registry) {
        assertThat(access(Map.of(), Set.of()).allowsPlainHttp(registry)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost.example.com",
                "127.0.0.1.example.com",
                "10.0.0.1:5000",
                "registry.example.com",
                "1127.0.0.1"
            })
    void whatOnlyLooksLikeLoopbackMayNot(String registry) {
        assertThat(access(Map.of(), Set.of()).allowsPlainHttp(registry)).isFalse();
    }

    @Test
    void aNamedRegistryMaySpeakPlainHttpButGetsNoLogin() throws IOException {
        config("{\"auths\":{\"" + REGISTRY + ":5000\":{\"auth\":\"" + encoded("alice:secret") + "\"}}}");

        RegistryAccess access = access(dockerConfig(), Set.of(REGISTRY + ":5000"));

        assertThat(access.allowsPlainHttp(REGISTRY + ":5000")).isTrue();
        assertThat(access.allowsPlainHttp(REGISTRY)).isFalse();
        assertThat(access.credential(REGISTRY + ":5000", told::add)).isEmpty();
    }

    @Test
    void aGivenLoginGoesBeforeDockersOwn() throws IOException {
        config("{\"auths\":{\"" + REGISTRY + "\":{\"auth\":\"" + encoded("alice:secret") + "\"}}}");
        RegistryLogins logins = registry -> Optional.of(new RegistryLogin("bob", "other"));

        var access = new RegistryAccess(dockerConfig(), logins, directory, Set.of());

        assertThat(access.credential(REGISTRY, told::add)).contains(Credential.from("bob", "other"));
    }

    @Test
    void dockersFileIsInItsDirectoryOrInTheHome() throws IOException {
        config("{\"auths\":{\"" + REGISTRY + "\":{\"auth\":\"" + encoded("alice:se:cret") + "\"}}}");
        Path home = Files.createDirectories(directory.resolve("home/.docker"));
        Files.copy(directory.resolve("config.json"), home.resolve("config.json"));

        assertThat(credential(dockerConfig())).contains(Credential.from("alice", "se:cret"));
        assertThat(credential(Map.of("HOME", home.getParent().toString())))
                .contains(Credential.from("alice", "se:cret"));
        assertThat(credential(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://registry.example.com", "registry.example.com/v1/", "https://registry.example.com/v2/"})
    void aRegistryMayBeWrittenAsAnAddress(String key) throws IOException {
        config("{\"auths\":{\"" + key + "\":{\"username\":\"alice\",\"password\":\"secret\"}}}");

        assertThat(credential(dockerConfig())).contains(Credential.from("alice", "secret"));
    }

    @Test
    void dockerHubHasManyNames() throws IOException {
        config("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + encoded("alice:secret") + "\"}}}");

        assertThat(access(dockerConfig(), Set.of()).credential("registry-1.docker.io", told::add))
                .contains(Credential.from("alice", "secret"));
    }

    @Test
    void anotherRegistrysLoginIsNotUsed() throws IOException {
        config("{\"auths\":{\"registry.example.com.evil.org\":{\"auth\":\"" + encoded("alice:secret") + "\"}}}");

        assertThat(credential(dockerConfig())).isEmpty();
    }

    @Test
    void anIdentityTokenIsARefreshToken() throws IOException {
        config("{\"auths\":{\"" + REGISTRY + "\":{\"auth\":\"" + encoded("00000000:")
                + "\",\"identitytoken\":\"t0ken\"}}}");

        assertThat(credential(dockerConfig()))
                .hasValueSatisfying(credential ->
                        assertThat(credential.isOAuth2RefreshToken()).isTrue());
    }

    @Test
    void aBrokenFileIsWarnedAboutWithoutQuotingIt() throws IOException {
        config("{\"auths\": {\"" + REGISTRY + "\": \"secret-in-here");

        assertThat(credential(dockerConfig())).isEmpty();
        assertThat(told)
                .singleElement()
                .asString()
                .contains("config.json can't be read")
                .doesNotContain("secret-in-here");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCredentialHelperOfTheBuildsOwnPathIsAsked() throws IOException {
        config("{\"credHelpers\":{\"" + REGISTRY + "\":\"test\"}}");
        helper(
                "read server; echo '{\"ServerURL\":\"'$server'\",\"Username\":\"alice\",\"Secret\":\"'$WORD'-of-'$server'\"}'");

        Map<String, String> environment = Map.of(
                "DOCKER_CONFIG",
                directory.toString(),
                "PATH",
                directory + ":" + System.getenv("PATH"),
                "WORD",
                "secret");

        assertThat(credential(environment)).contains(Credential.from("alice", "secret-of-" + REGISTRY));
        assertThat(told).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aHelperThatKnowsNothingLeavesItToTheFile() throws IOException {
        config("{\"credsStore\":\"test\",\"auths\":{\"" + REGISTRY + "\":{\"auth\":\"" + encoded("alice:secret")
                + "\"}}}");
        helper("echo credentials not found in native keychain; exit 1");

        assertThat(credential(Map.of("DOCKER_CONFIG", directory.toString(), "PATH", directory.toString())))
                .contains(Credential.from("alice", "secret"));
    }

    @Test
    void aHelperThatIsNotThereIsWarnedAbout() throws IOException {
        config("{\"credsStore\":\"no-such-helper\"}");

        assertThat(credential(dockerConfig())).isEmpty();
        assertThat(told).singleElement().asString().contains("docker-credential-no-such-helper", REGISTRY);
    }

    @Test
    void aLoginDoesNotShowItsPassword() {
        assertThat(new RegistryLogin("alice", "secret").toString()).doesNotContain("secret");
    }

    private Optional<Credential> credential(Map<String, String> environment) {
        return access(environment, Set.of()).credential(REGISTRY, told::add);
    }

    private RegistryAccess access(Map<String, String> environment, Set<String> plainHttp) {
        return new RegistryAccess(environment, RegistryLogins.NONE, directory, plainHttp);
    }

    private Map<String, String> dockerConfig() {
        return Map.of("DOCKER_CONFIG", directory.toString());
    }

    private void config(String json) throws IOException {
        Files.writeString(directory.resolve("config.json"), json);
    }

    private void helper(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("docker-credential-test"), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String encoded(String login) {
        return Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }
}
