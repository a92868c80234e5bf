package io.jenkins.plugins.lockstep.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.FilesInMemory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {

    private final FilesInMemory files = new FilesInMemory();

    @Test
    void laterDirectoriesWinFileByFile() {
        files.with("config/base/app.yaml", "base\n")
                .with("config/base/log.xml", "<log/>\r\n")
                .with("config/staging/app.yaml", "staging\n");

        Configuration configuration = read(source("config/base"), source("config/staging"));

        assertThat(configuration.files()).containsOnlyKeys("app.yaml", "log.xml");
        assertThat(text(configuration, "app.yaml")).isEqualTo("staging\n");
        assertThat(text(configuration, "log.xml")).as("byte for byte").isEqualTo("<log/>\r\n");
        assertThat(configuration.variables()).isEmpty();
    }

    @Test
    void pathsAreRelativeToTheProjectFile() {
        files.with("services/shared/config/a", "shared").with("services/cart/config/b", "own");

        Configuration configuration = new ConfigurationReader()
                .read(List.of(source("../shared/config"), source("config/")), files, "services/cart");

        assertThat(configuration.files()).containsOnlyKeys("a", "b");
    }

    @Test
    void filesInSubDirectoriesAreKeysToo() {
        files.with("c/tls/ca.pem", "x")
                .with("c/app.yaml", "y")
                .with("c/.gitkeep", "")
                .with("c/.hidden", "z");

        Configuration configuration = read(source("c"));

        assertThat(configuration.files()).containsOnlyKeys("tls/ca.pem", "app.yaml", ".hidden");
        assertThat(configuration.keys()).containsExactly(".hidden", "app.yaml", "tls.ca.pem");
    }

    @Test
    void valuesAreLoadedOneByOneWhereAsked() {
        files.with("base/app.env", "A=1\nB=base\n")
                .with("base/app.yaml", "file\n")
                .with("prod/app.env", "B=prod\n")
                .with("prod/app.properties", "spring.name = shop\n");

        Configuration configuration = read(expanded("base"), expanded("prod"));

        assertThat(configuration.variables())
                .containsOnlyKeys("A", "B", "spring.name")
                .containsEntry("A", "1")
                .containsEntry("B", "prod")
                .containsEntry("spring.name", "shop");
        assertThat(configuration.files()).containsOnlyKeys("app.yaml");
    }

    @Test
    void aFileTakesThePlaceOfItsNamesakeHoweverEachIsLoaded() {
        files.with("base/app.env", "A=base\nB=base\n").with("prod/app.env", "B=prod\n");

        assertThat(read(source("base"), expanded("prod")).keys()).containsExactly("B");
        assertThat(read(expanded("base"), source("prod")).keys()).containsExactly("app.env");
    }

    @Test
    void twoFilesOnOneKeyAreBothNamed() {
        files.with("c/a.env", "X=1\n").with("c/b.env", "\nX=2\n");
        assertMistake(List.of(expanded("c")), "c/b.env:2: the key 'X' is given twice", "c/a.env:1");

        files.with("d/tls.crt", "a").with("d/tls/crt", "b");
        assertMistake(List.of(source("d")), "d/tls/crt: the key 'tls.crt' is given twice", "d/tls.crt");

        files.with("e/LEVEL", "a").with("e/x.env", "LEVEL=1");
        assertMistake(List.of(expanded("e")), "e/LEVEL: the key 'LEVEL' is given twice", "e/x.env:1");

        files.with("f/x.env", "A=1\nA=2\n");
        assertMistake(List.of(expanded("f")), "f/x.env:2: the key 'A' is given twice", "f/x.env:1");
    }

    @Test
    void badNamesAreRefusedWithTheirPlace() {
        files.with("c/my file.txt", "x");
        assertMistake(List.of(source("c")), "c/my file.txt: 'my file.txt' can't be a key", "");

        files.with("d/..data", "x");
        assertMistake(List.of(source("d")), "'..data' can't be a key", "");

        files.with("e/" + "k".repeat(254), "x");
        assertMistake(List.of(source("e")), "can't be a key", "");

        files.with("f/x.env", "OK=1\n2X=1\n");
        assertMistake(List.of(expanded("f")), "f/x.env:2: '2X' can't be the name of a variable", "");

        files.with("g/x.env", "A=1\nno assignment\n");
        assertMistake(List.of(expanded("g")), "g/x.env:2: this is not NAME=VALUE", "");
    }

    @Test
    void aDirectoryThatTheCommitDoesNotHaveIsRefused() {
        files.with("config/file", "x");

        assertMistake(List.of(source("confg")), "lockstep.yaml:7: the revision has no directory 'confg'", "");
        assertMistake(List.of(source("config/file")), "lockstep.yaml:7", "it is a file");
    }

    @Test
    void moreThanOneConfigMapTakesIsRefusedWithTheLargestFiles() {
        byte[] half = new byte[512 * 1024];
        Arrays.fill(half, (byte) 'x');
        files.with("c/a", half).with("c/b", half);
        assertThat(read(source("c")).files()).hasSize(2);

        files.with("c/c", "!");
        assertMistake(
                List.of(source("c")),
                "the configuration has 1048577 bytes, a ConfigMap takes 1048576",
                "c/a (524288 bytes), c/b (524288 bytes), c/c (1 bytes)");
    }

    static Stream<String> secrets() {
        // Put together here, so that nobody's scanner takes this file for a leak.
        return Stream.of(
                "-----BEGIN " + "PRIVATE KEY-----",
                "-----BEGIN RSA " + "PRIVATE KEY-----",
                "-----BEGIN OPENSSH " + "PRIVATE KEY-----",
                "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----",
                "AK" + "IAABCDEFGHIJKLMNOP",
                "gh" + "p_" + "a1B2".repeat(9),
                "ey" + "JhbGciOiJSUzI1NiJ9.ey" + "Jpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl",
                "client-key" + "-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURQ==");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void whatLooksLikeASecretIsRefusedAndNotRepeated(String secret) {
        files.with("c/app.yaml", "a: 1\nb: " + secret + "\n");

        DeliveryException mistake = assertMistake(List.of(source("c")), "c/app.yaml:2: this looks like", "");
        assertThat(mistake.getMessage() + mistake.hint()).doesNotContain(secret);
        assertMistake(List.of(expanded("c")), "c/app.yaml:2: this looks like", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.pem", "tls/*.pem", "**/dev.pem", "tls/dev.???"})
    void whatIsListedMayLookLikeASecret(String glob) {
        files.with("c/tls/dev.pem", "-----BEGIN " + "PRIVATE KEY-----\n");

        Configuration configuration = read(new ConfigSource("c", false, List.of(glob), "staging", "lockstep.yaml:7"));

        assertThat(configuration.files()).containsOnlyKeys("tls/dev.pem");
    }

    @Test
    void certificatesAndPublicKeysAreNoSecrets() {
        files.with("c/ca.pem", "-----BEGIN CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n");

        assertThat(read(source("c")).files()).hasSize(1);
    }

    @Test
    void everyKeyKnowsItsPlaceAndWhatItTookThePlaceOf() {
        files.with("base/app.yaml", "a")
                .with("base/limits.env", "# limits\nMOST=1\nLEAST=0\n")
                .with("base/flags.properties", "color=green\nshape=round\n")
                .with("eu/app.yaml", "b")
                .with("eu/limits.env", "MOST=5\n")
                .with("eu/flags.properties", "as a file")
                .with("prod/tls/ca.pem", "certificate")
                .with("prod/limits.env", "\nMOST=9")
                .with("prod/app.yaml", "c");

        Configuration configuration = read(expanded("base"), new ConfigSource("eu", true, List.of(), "eu", "f:2"));

        assertThat(configuration.provenance()).containsOnlyKeys("LEAST", "MOST", "app.yaml", "as", "color", "shape");
        assertThat(places(configuration, "MOST")).containsExactly("eu/limits.env:1", "base/limits.env:2");
        assertThat(configuration.provenance().get("MOST").origin().source().environment())
                .isEqualTo("eu");
        configuration = read(expanded("base"), source("eu"), expanded("prod"));

        assertThat(configuration.provenance()).containsOnlyKeys("MOST", "app.yaml", "flags.properties", "tls.ca.pem");
        assertThat(places(configuration, "app.yaml")).containsExactly("prod/app.yaml", "eu/app.yaml", "base/app.yaml");
        assertThat(places(configuration, "tls.ca.pem")).containsExactly("prod/tls/ca.pem");
        // The whole file of `eu` took the place of both variables, and gave way to what `prod` says.
        assertThat(places(configuration, "MOST"))
                .containsExactly("prod/limits.env:2", "eu/limits.env", "base/limits.env:3", "base/limits.env:2");
        assertThat(places(configuration, "flags.properties"))
                .containsExactly("eu/flags.properties", "base/flags.properties:1", "base/flags.properties:2");
    }

    private static List<String> places(Configuration configuration, String key) {
        Provenance provenance = configuration.provenance().get(key);
        return Stream.concat(Stream.of(provenance.origin()), provenance.overridden().stream())
                .map(Provenance.Origin::place)
                .toList();
    }

    @Test
    void noSourceIsNoConfiguration() {
        assertThat(read().isEmpty()).isTrue();
    }

    private DeliveryException assertMistake(List<ConfigSource> sources, String message, String why) {
        DeliveryException mistake =
                catchThrowableOfType(DeliveryException.class, () -> new ConfigurationReader().read(sources, files, ""));

        assertThat(mistake).isNotNull();
        assertThat(mistake.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(mistake.getMessage()).contains(message).contains(why);
        assertThat(mistake.hint()).isNotBlank();
        return mistake;
    }

    private Configuration read(ConfigSource... sources) {
        return new ConfigurationReader().read(List.of(sources), files, "");
    }

    private static String text(Configuration configuration, String path) {
        return new String(configuration.files().get(path), UTF_8);
    }

    private static ConfigSource source(String from) {
        return new ConfigSource(from, false, List.of(), "staging", "lockstep.yaml:7");
    }

    private static ConfigSource expanded(String from) {
        return new ConfigSource(from, true, List.of(), "staging", "lockstep.yaml:7");
    }
}
