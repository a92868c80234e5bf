package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several projects in one command: words, JSON and exit codes, on a directory target. */
class SeveralProjectsTest {

    @TempDir
    Path temporary;

    private GitTestRepository repository;
    private String revision;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("shop"));
        for (String app : List.of("cart", "pay", "web")) {
            repository
                    .write(
                            app + "/lockstep.yaml",
                            """
                            apiVersion: lockstep/v1
                            app: %1$s
                            image:
                              repository: registry.example.com/shop/%1$s
                              base: scratch
                              layers: [{ from: app, to: /app }]
                            environments:
                              base: { abstract: true, config: ../config, namespace: shop }
                              staging: { extends: base, config: { from: config, expand: true } }
                            """
                                    .formatted(app))
                    .write(app + "/app/page.txt", "page of " + app + "\n")
                    .write(app + "/config/level.env", "# how much\nLEVEL=" + app + "\n");
        }
        revision = repository.write("config/region.txt", "eu\n").commit("first");
    }

    @Test
    void allAreReleasedAndATableTellsHow() {
        Run run = inTarget("release", "staging", "--all");

        assertThat(run.exitCode).as(run.err).isZero();
        List<String> table = run.out.lines().toList();
        assertThat(table).hasSize(4);
        assertThat(table.get(0)).matches("APP +REVISION +OUTCOME +SECONDS");
        assertThat(table.get(1)).matches("cart +" + revision.substring(0, 12) + " +written, release 1 +[0-9.]+");
        assertThat(table.get(3)).startsWith("web ");
        assertThat(run.err.lines().filter(line -> !line.startsWith("revision ")))
                .isNotEmpty()
                .allMatch(line -> line.matches("\\[(cart|pay|web)] .*"));
    }

    @Test
    void oneDocumentTellsOfAll() {
        repository
                .write("pay/config/key.txt", "-----BEGIN PRIVATE KEY-----\nabc\n")
                .commit("second");

        Run run = inTarget("release", "staging", "--all", "--json", "--report", "../report.json");

        assertThat(run.exitCode).isEqualTo(2);
        Map<?, ?> document = run.json();
        assertThat(document.keySet().stream().map(String::valueOf))
                .containsExactly("revision", "projects", "leftOut", "seconds");
        List<?> projects = (List<?>) document.get("projects");
        assertThat(projects).hasSize(3);
        Map<?, ?> cart = (Map<?, ?>) projects.get(0);
        assertThat(cart.keySet().stream().map(String::valueOf))
                .containsExactly("app", "file", "why", "outcome", "result", "error", "seconds");
        assertThat(cart.get("file")).isEqualTo("cart/lockstep.yaml");
        assertThat(cart.get("outcome")).isEqualTo("done");
        assertThat(cart.get("error")).isNull();
        assertThat((Map<?, ?>) cart.get("result")).extracting("release").isEqualTo(1);
        Map<?, ?> pay = (Map<?, ?>) projects.get(1);
        assertThat(pay.get("outcome")).isEqualTo("failed");
        assertThat(pay.get("result")).isNull();
        assertThat((Map<?, ?>) pay.get("error")).extracting("exit", "where").containsExactly(2, "pay/config/key.txt:1");
        assertThat(run.err).doesNotContain("\tat ");
        assertThat(temporary.resolve("report.json")).exists();
    }

    @Test
    void theFailuresAreToldBesideTheTable() {
        repository
                .write("pay/config/key.txt", "-----BEGIN PRIVATE KEY-----\nabc\n")
                .commit("second");

        Run run = inTarget("release", "staging", "--all");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).contains("error: [pay] this looks like", "  where: pay/config/key.txt:1", "  do:    ");
        assertThat(run.out)
                .containsPattern("pay +[0-9a-f]{12} +failed: bad-input +")
                .contains("written, release 1");
    }

    @Test
    void theMostSevereExitCodeWins() {
        inTarget("build", "--project", "cart");
        assertThat(inTarget("deploy", "staging", "--project", "cart").exitCode).isZero();
        repository
                .write("web/config/key.txt", "-----BEGIN PRIVATE KEY-----\nabc\n")
                .commit("second");
        inTarget("build", "--project", "web");

        // pay: no image (4); web: bad input (2)
        assertThat(inTarget("deploy", "staging", "--project", "pay", "--project", "web").exitCode)
                .isEqualTo(4);
        assertThat(inTarget("deploy", "staging", "--project", "web").exitCode).isEqualTo(2);
    }

    @Test
    void onlyWhatChangedIsBuilt() {
        repository.write("pay/app/page.txt", "other\n").commit("second");

        Run run = inTarget("build", "--changed-since", revision);
        Run verbose = inTarget("build", "--changed-since", revision, "--verbose");
        Map<?, ?> document =
                inTarget("build", "--changed-since", revision, "--json").json();

        assertThat(run.exitCode).isZero();
        assertThat(run.err)
                .contains("[pay] chosen: pay/app/page.txt changed since " + revision.substring(0, 12))
                .contains("2 projects left out: none of their files changed since")
                .doesNotContain("[cart]");
        assertThat(run.out.lines().filter(line -> line.startsWith("pushed "))).hasSize(1);
        assertThat(verbose.err).contains("[cart] left out: ", "[web] left out: ");
        assertThat((List<?>) document.get("projects")).hasSize(1);
        assertThat((List<?>) document.get("leftOut")).hasSize(2);
    }

    @Test
    void noneIsAnAnswerToo() {
        Run run = inTarget("release", "staging", "--all", "--changed-since", "HEAD");
        Run json = inTarget("release", "staging", "--all", "--changed-since", "HEAD", "--json");

        assertThat(run.exitCode).isZero();
        assertThat(run.out.strip()).isEqualTo("nothing to do: none of 3 projects changed up to revision " + revision);
        assertThat(json.exitCode).isZero();
        assertThat((List<?>) json.json().get("projects")).isEmpty();
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void planAndStatusTellOfEach() {
        inTarget("build", "--all");

        assertThat(inTarget("plan", "staging", "--all", "--exit-code").exitCode).isEqualTo(8);
        assertThat(inTarget("plan", "staging", "--all").exitCode).isZero();
        assertThat(inTarget("status", "--all").out).contains("pay in staging: nothing runs yet");
        assertThat(inTarget("deploy", "staging", "--all").exitCode).isZero();
        assertThat(inTarget("plan", "staging", "--all", "--exit-code").exitCode).isZero();
        Run status = inTarget("status", "staging", "--all");
        assertThat(status.out)
                .contains("web in staging: release 1 of revision " + revision)
                .containsPattern("web +[0-9a-f]{12} +staging: release 1 ");
        assertThat(inTarget("config", "staging", "--all").out).contains("unchanged in namespace shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rollback staging --all",
                "history staging --project cart",
                "history staging --changed-since HEAD",
                "release staging --all --project cart",
                "release staging --all --repository localhost:5000/x",
                "release staging --all --file cart/lockstep.yaml",
                "release staging --all --jobs 0",
                "release staging --jobs 2",
                "release staging --fail-fast",
                "release stagin --all",
                "release staging --project crat",
                "release staging --changed-since nowhere",
                "release staging --all -C config",
                "build --all --revision nowhere"
            })
    void aMistakeEndsWithTwoAndWritesNothing(String line) {
        Run run = inTarget(line.split(" "));

        assertThat(run.exitCode).as(run.err).isEqualTo(2);
        assertThat(run.err).contains("error: ", "  do: ").doesNotContain("\tat ");
        assertThat(run.out).isEmpty();
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void whatIsForOneProjectSaysSo() {
        assertThat(inTarget("history", "staging", "--all").err)
                .contains("'lockstep history' is for one project, and --all is for several", "-C DIR");
    }

    @Test
    void theEffectiveConfigurationIsShownWithItsPlaces() {
        repository
                .write("cart/config/region.txt", "us\n")
                .write("cart/config/long.txt", "x".repeat(100) + "\nsecond line\n")
                .write("cart/config/logo.bin", new byte[] {(byte) 0xff, 0, 1})
                .write("cart/config/escape.txt", "\u001b[31mred\n")
                .commit("second");

        Run run = run("config", "staging", "--show", "-C", "cart");

        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.out)
                .contains("combines base, staging")
                .contains("namespace = shop\n    cart/lockstep.yaml:8 (base)")
                .containsPattern("configmap/cart-config-[0-9a-f]{10}: 5 keys")
                .contains("LEVEL = cart\n    cart/config/level.env:2 (staging, cart/lockstep.yaml:9)")
                .contains("region.txt = us\n"
                        + "    cart/config/region.txt (staging, cart/lockstep.yaml:9)\n"
                        + "    over config/region.txt (base, cart/lockstep.yaml:8)")
                .contains("long.txt = " + "x".repeat(60) + "... (113 bytes)")
                .contains("logo.bin = (binary, 3 bytes, sha256:")
                .contains("escape.txt = \\u001b[31mred")
                .doesNotContain("second line");
        assertThat(run("config", "staging", "--show", "-C", "cart", "--verbose").out)
                .contains("    | " + "x".repeat(100) + "\n    | second line");
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void theEffectiveConfigurationIsADocumentToo() {
        Map<?, ?> document =
                run("config", "staging", "--show", "-C", "cart", "--json").json();

        assertThat(document.keySet().stream().map(String::valueOf))
                .containsExactly("app", "environment", "revision", "file", "combines", "settings", "configMap", "keys");
        Map<?, ?> level = (Map<?, ?>) ((List<?>) document.get("keys")).get(0);
        assertThat(level)
                .isEqualTo(Json.read(
                        """
                        {"key":"LEVEL","value":"cart","binary":false,"size":4,
                         "digest":"sha256:%s","environment":"staging","file":"cart/config/level.env","line":2,
                         "directory":"config","place":"cart/lockstep.yaml:9","overrides":[]}
                        """
                                .formatted(level.get("digest").toString().substring(7))));
        assertThat((List<?>) document.get("settings"))
                .isEqualTo(
                        Json.read(
                                """
                                [{"key":"namespace","value":"shop","environment":"base","place":"cart/lockstep.yaml:8","overrides":[]}]
                                """));
        assertThat((List<?>) run("config", "staging", "--show", "--all", "--json")
                        .json()
                        .get("projects"))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"config stagin --show, staging", "config base --show, staging"})
    void showingWhatIsNotThereEndsWithTwo(String line, String hint) {
        var arguments = new ArrayList<>(List.of(line.split(" ")));
        arguments.addAll(List.of("-C", "cart"));

        Run run = run(arguments.toArray(String[]::new));

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err).contains(hint);
    }

    private Run inTarget(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--to");
        all.add("dir:" + temporary.resolve("target"));
        return run(all.toArray(String[]::new));
    }

    private Run run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HOME", temporary.resolve("home").toString()),
                temporary.resolve("shop"),
                false,
                "jane");
        int exitCode = LockstepCommand.run(shell, arguments);
        return new Run(
                exitCode,
                out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"),
                err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }

    private record Run(int exitCode, String out, String err) {

        Map<?, ?> json() {
            return (Map<?, ?>) Json.read(out);
        }
    }
}
