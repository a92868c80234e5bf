package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user types and reads: words, JSON and exit codes of the contract, on a directory target. */
class LockstepCommandTest {

    @TempDir
    Path temporary;

    private GitTestRepository repository;
    private String revision;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        revision = repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: registry.example.com/shop/cart
                          base: scratch
                          layers: [{ from: app, to: /app }]
                        environments:
                          staging: { config: config }
                        """)
                .write("app/page.txt", "page\n")
                .write("config/audience.txt", "everybody\n")
                .commit("first");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "init",
                "build",
                "lock",
                "config",
                "plan",
                "deploy",
                "release",
                "rollback",
                "hold",
                "history",
                "status",
                "verify",
                "gc",
                "keep",
                "demo",
                "completion"
            })
    void everyCommandHasHelpWithExamples(String command) {
        Run run = command.isEmpty() ? run("--help") : run(command, "--help");

        assertThat(run.exitCode).isZero();
        assertThat(run.out).contains("Usage: lockstep", "Examples:", "lockstep " + command);
        assertThat(run.err).isEmpty();
    }

    @Test
    void commandsWithoutAClusterTakeNoOptionsOfOne() {
        String build = run("build", "--help").out;
        String lock = run("lock", "--help").out;

        assertThat(build).contains("--plain-http", "--repository", "--to");
        assertThat(lock).contains("--plain-http").doesNotContain("--repository", "--to=");
        for (String option : List.of("--kubeconfig", "--context", "--namespace")) {
            assertThat(build).doesNotContain(option);
            assertThat(lock).doesNotContain(option);
            assertThat(run("deploy", "--help").out).contains(option);
            assertThat(inTarget("build", option, "x").exitCode).as(option).isEqualTo(2);
            Run two = inTarget("status", option, "x");
            assertThat(two.exitCode).as(option).isEqualTo(2);
            assertThat(two.err).contains("more than one target is given");
        }
        assertThat(inTarget("lock").exitCode).isEqualTo(2);
        assertThat(run("lock").exitCode).isZero();
    }

    @Test
    void aReleaseIsToldInJsonAsTheContractSays() {
        Run run = inTarget("release", "staging", "--json");

        assertThat(run.exitCode).as(run.err).isZero();
        Map<?, ?> document = run.json();
        assertThat(document.keySet().stream().map(String::valueOf))
                .containsExactly(
                        "app",
                        "environment",
                        "release",
                        "revision",
                        "images",
                        "image",
                        "digest",
                        "configMaps",
                        "seal",
                        "verdict",
                        "remarks",
                        "restored",
                        "changes",
                        "seconds");
        assertThat(document.get("revision")).isEqualTo(revision);
        assertThat(document.get("restored")).isNull();
        assertThat(((Map<?, ?>) document.get("changes")).keySet().stream().map(String::valueOf))
                .containsExactly("created", "configured", "unchanged", "pruned");
        assertThat(run.err).contains("revision " + revision);
    }

    @Test
    void aBuildIsToldInJsonAsTheContractSays() {
        Map<?, ?> first = inTarget("build", "--json").json();
        Map<?, ?> again = inTarget("build", "--json").json();

        assertThat(first.keySet().stream().map(String::valueOf))
                .containsExactly("app", "vcs", "revision", "images", "image", "digest", "seconds");
        assertThat(first.get("vcs")).isEqualTo("git");
        assertThat(((List<?>) first.get("images")).get(0))
                .hasToString(String.valueOf(((List<?>) first.get("images")).get(0)))
                .isInstanceOf(Map.class);
        assertThat(image(first)).containsEntry("pushed", true).containsEntry("reused", false);
        assertThat(image(again)).containsEntry("pushed", false).containsEntry("reused", true);
        assertThat(again.get("digest")).isEqualTo(first.get("digest"));
    }

    @Test
    void theHistoryIsToldNewestFirst() {
        inTarget("release", "staging");
        repository.write("app/page.txt", "other page\n").commit("second");
        inTarget("release", "staging");

        List<?> releases =
                (List<?>) inTarget("history", "staging", "--json").json().get("releases");

        assertThat(releases).hasSize(2);
        assertThat(((Map<?, ?>) releases.get(0)).get("number")).isEqualTo(2);
        assertThat(((Map<?, ?>) releases.get(1)).get("revision")).isEqualTo(revision);
        assertThat(inTarget("history", "staging").out).contains(revision.substring(0, 12), "written");
    }

    @Test
    void uncommittedChangesEndWithThree() {
        repository.write("app/page.txt", "changed\n");

        Run run = inTarget("build", "--json");

        assertThat(run.exitCode).isEqualTo(3);
        assertThat((Map<?, ?>) run.json().get("error"))
                .extracting("code", "exit")
                .containsExactly("uncommitted-changes", 3);
        assertThat(run.err).contains("app/page.txt").doesNotContain("\tat ");
    }

    @Test
    void verifyAnswersWithItsExitCodeAndNamesWhatDrifted() throws Exception {
        inTarget("release", "staging");
        Run intact = inTarget("verify", "staging");

        assertThat(intact.exitCode).as(intact.err).isZero();
        assertThat(intact.out)
                .contains("cart in staging carries the seal of release 1, revision " + revision)
                .contains("exactly what this commit renders");
        Path configMap;
        try (var files = Files.list(temporary.resolve("target/objects/default/ConfigMap"))) {
            configMap = files.findFirst().orElseThrow();
        }
        Files.delete(configMap);
        String name = configMap.getFileName().toString().replace(".yaml", "");

        Run drifted = inTarget("verify", "staging");

        assertThat(drifted.exitCode).isEqualTo(8);
        assertThat(drifted.out)
                .contains("configmap/" + name + " is missing")
                .contains("cart in staging does not carry the seal of release 1");
        assertThat((Map<?, ?>) inTarget("verify", "staging", "--json").json())
                .extracting("intact", "release")
                .containsExactly(false, 1);
        assertThat(inTarget("status", "staging").out).contains("drift    1", "drifted: configmap/");
    }

    @Test
    void statusOfSeveralEnvironmentsIsATableOfEightyColumns() {
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: registry.example.com/shop/cart
                          base: scratch
                          layers: [{ from: app, to: /app }]
                        environments:
                          staging: { config: config }
                          production: { config: config, namespace: shop }
                        """)
                .commit("two environments");
        inTarget("release", "staging");

        Run status = inTarget("status");

        assertThat(status.exitCode).as(status.err).isZero();
        assertThat(status.out.lines().toList())
                .hasSize(3)
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.matches("ENVIRONMENT +RELEASE +REVISION +AGE +HEALTH +DRIFT"))
                .anyMatch(line -> line.matches("staging +1 +[0-9a-f]{12} +[0-9]+s +- +none"))
                .anyMatch(line -> line.matches("production +- +- +- +nothing runs +-"));
        assertThat(inTarget("status", "--json").out).contains("\"state\":\"nothing\"", "\"drift\":[]");
    }

    @Test
    void aMissingImageEndsWithFour() {
        assertThat(inTarget("deploy", "staging").exitCode).isEqualTo(4);
    }

    @Test
    void aPlanWithChangesEndsWithEightWhereAsked() {
        inTarget("build");

        assertThat(inTarget("plan", "staging", "--exit-code").exitCode).isEqualTo(8);
        assertThat(inTarget("plan", "staging").exitCode).isZero();
        inTarget("deploy", "staging");
        assertThat(inTarget("plan", "staging", "--exit-code").exitCode).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relase staging",
                "release",
                "release staging --time 3",
                "release staging --timeout soon",
                "release staging --timeout 0s",
                "history staging --limit -3",
                "history staging --limit x",
                "history staging --limit 99999999999",
                "release staging --grace scheduling",
                "release staging --plan plan.bundle",
                "deploy staging --plan app",
                "keep staging 0",
                "hold staging --realease",
                "release stagin",
                "release staging --revision nowhere",
                "release staging --to /tmp/x",
                "rollback staging --to #x",
                "release staging -C /nowhere",
                "release staging --file other.yaml",
                "status --file app",
                "release staging --namespace shop",
                "release staging --report missing/report.json",
                "release staging --report app",
                ""
            })
    void aMistakeEndsWithTwoAndSaysWhatToDo(String line) {
        var arguments = new ArrayList<>(List.of(line.split(" ")));
        arguments.removeIf(String::isEmpty);

        Run run = inTarget(arguments.toArray(String[]::new));

        assertThat(run.exitCode).as(run.err).isEqualTo(2);
        assertThat(run.err).startsWith("error: ").contains("  do: ").doesNotContain("\tat ");
        assertThat(run.out).isEmpty();
    }

    @Test
    void aMistypedCommandGetsTheNearestOne() {
        assertThat(run("relase").err).contains("release");
    }

    @Test
    void theReportIsWrittenBesideTheWords() throws Exception {
        Run run = inTarget("release", "staging", "--report", "report.json");

        assertThat(run.out).contains("cart in staging: release 1");
        Object report = Json.read(Files.readString(temporary.resolve("cart/report.json")));
        assertThat((Map<?, ?>) report).extracting("release").isEqualTo(1);
    }

    @Test
    void aFailureIsInTheReportToo() throws Exception {
        repository.write("report.json", "from an earlier run");

        assertThat(inTarget("deploy", "staging", "--report", "report.json").exitCode)
                .isEqualTo(4);

        Map<?, ?> report = (Map<?, ?>) Json.read(Files.readString(temporary.resolve("cart/report.json")));
        assertThat((Map<?, ?>) report.get("error")).extracting("code").isEqualTo("image-missing");
    }

    @Test
    void aReportThatCantBeWrittenIsFoundBeforeAnythingIsReleased() {
        Run run = inTarget("release", "staging", "--json", "--report", "missing/report.json");

        assertThat((Map<?, ?>) run.json().get("error")).extracting("exit").isEqualTo(2);
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void aMistakeBeforeTheOptionIsToldInJsonToo() {
        Run run = inTarget("release", "staging", "--timeout", "soon", "--json");

        assertThat((Map<?, ?>) run.json().get("error")).extracting("code").isEqualTo("bad-usage");
    }

    @Test
    void jsonNeedsNoCharacterSet() {
        repository.write("config/gr\u00fc\u00dfe.txt", "hello\n").commit("a name that is no key");

        Run run = inTarget("config", "staging", "--json");

        assertThat(run.out).matches("\\p{ASCII}*");
        assertThat((Map<?, ?>) run.json().get("error")).extracting("where").isEqualTo("config/gr\u00fc\u00dfe.txt");
    }

    @Test
    void anExplanationEndsWithEightWhereTheImageDiffers() {
        repository
                .write("app/built.txt", "one\n")
                .write(".gitignore", "app/built.txt\n")
                .commit("second");
        assertThat(inTarget("build", "--explain").exitCode).isEqualTo(4);
        assertThat(inTarget("build").exitCode).isZero();

        Run same = inTarget("build", "--explain");
        repository.write("app/built.txt", "two\n");
        Run differs = inTarget("build", "--explain");
        Run json = inTarget("build", "--explain", "--json");

        assertThat(same.exitCode).as(same.err).isZero();
        assertThat(same.out).startsWith("same      registry.example.com/shop/cart:");
        assertThat(differs.exitCode).as(differs.err).isEqualTo(8);
        assertThat(differs.out)
                .startsWith("differs   registry.example.com/shop/cart:")
                .contains("  content  layer app  /app/built.txt");
        assertThat(json.exitCode).isEqualTo(8);
        assertThat(json.json().get("same")).isEqualTo(false);
        assertThat(image(json.json()).get("differences"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement()
                .extracting("what", "path")
                .containsExactly("content", "/app/built.txt");
    }

    @Test
    void noColourAndNoBarWhereNobodyWatches() {
        Run run = inTarget("release", "staging");

        assertThat(run.out + run.err).doesNotContain("\u001b").doesNotContain("\r");
    }

    @Test
    void initTellsWhatItWroteAndWhatComesNext() throws Exception {
        repository.write("web/public/index.html", "<p>hello");

        Run dry = run("init", "-C", "web", "--repository", "registry.example.com/shop/web", "--dry-run");
        Run run = run("init", "-C", "web", "--repository", "registry.example.com/shop/web", "--json");

        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.json().keySet().stream().map(String::valueOf))
                .containsExactly(
                        "file",
                        "written",
                        "kind",
                        "app",
                        "repository",
                        "base",
                        "environments",
                        "manifests",
                        "edits",
                        "notes",
                        "next",
                        "text");
        assertThat(run.json().get("text")).isEqualTo(dry.out);
        assertThat(temporary.resolve("cart/web/lockstep.yaml")).content().isEqualTo(dry.out);
        Run again = run("init", "-C", "web", "--repository", "registry.example.com/shop/web");
        assertThat(again.exitCode).isEqualTo(2);
        assertThat(again.err).contains("--force");
    }

    @Test
    void initSaysWhichLineOfAManifestHasToChange() {
        repository
                .write("web/public/index.html", "<p>hello")
                .write(
                        "web/deploy/web.yaml",
                        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n"
                                + "      containers:\n        - name: web\n          image: web:dev\n");

        Run run = run("init", "-C", "web", "--repository", "registry.example.com/shop/web");

        assertThat(run.out)
                .contains("static files: written to ", "deploy/web.yaml:9: image: web:dev -> image: lockstep")
                .contains("lockstep release staging");
    }

    @Test
    void importWritesManifestsOfWhatADirectoryHolds() throws Exception {
        inTarget("release", "staging");

        Run run = inTarget("import", "deployment/cart", "--environment", "staging", "--json");
        assertThat(run.exitCode).as(run.err).isZero();
        assertThat(run.json().keySet().stream().map(String::valueOf)).containsExactly("namespace", "objects", "notes");
        assertThat(Files.readString(temporary.resolve("cart/deploy/cart-deployment.yaml")))
                .startsWith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n")
                .doesNotContain("lockstep.io/", "uid");

        Run printed = inTarget("import", "deployment/cart", "--output", "-");
        assertThat(printed.out).startsWith("apiVersion: apps/v1\nkind: Deployment\n");
        assertThat(printed.err).contains("note: ");

        Run unknown = inTarget("import", "deployment/card");
        assertThat(unknown.exitCode).isEqualTo(2);
        assertThat(unknown.err).contains("did you mean 'cart'?");
    }

    @Test
    void configurationAloneIsLoadedOnce() {
        assertThat(inTarget("config", "staging").out).contains("created");
        assertThat(inTarget("config", "staging").out).contains("unchanged");
    }

    @Test
    void anotherRepositoryMayBeNamed() {
        Map<?, ?> document = inTarget("build", "--json", "--repository", "localhost:5000/try/cart")
                .json();

        assertThat(document.get("image")).asString().startsWith("localhost:5000/try/cart:" + revision + "@sha256:");
    }

    private static Map<String, Object> image(Map<?, ?> build) {
        @SuppressWarnings("unchecked")
        var image = (Map<String, Object>) ((List<?>) build.get("images")).get(0);
        return image;
    }

    private Run inTarget(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        if (arguments.length > 0 && !all.contains("/tmp/x")) {
            all.add("--to");
            all.add("dir:" + temporary.resolve("target"));
        }
        return run(all.toArray(String[]::new));
    }

    private Run run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HOME", temporary.resolve("home").toString()),
                temporary.resolve("cart"),
                false,
                "jane");
        int exitCode = LockstepCommand.run(shell, arguments);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Run(int exitCode, String out, String err) {

        Map<?, ?> json() {
            return (Map<?, ?>) Json.read(out);
        }
    }
}
