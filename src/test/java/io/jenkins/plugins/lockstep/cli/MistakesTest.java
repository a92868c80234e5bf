package io.jenkins.plugins.lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people get wrong: each mistake ends with its exit code and a message that says what, where and what to do, and
 * nothing is written.
 *
 * <p>Each case starts from a project with one good release in a directory target.
 */
class MistakesTest {

    private static final String PROJECT =
            """
            apiVersion: lockstep/v1
            app: cart
            image:
              repository: registry.example.com/shop/cart
              base: scratch
              layers: [{ from: app, to: /app }]
            manifests: deploy/
            environments:
              base: { abstract: true, config: config/base }
              staging: { extends: [base], config: config/staging }
              production: { extends: [base], config: config/production }
            """;

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: cart }
            spec:
              selector: { matchLabels: { app: cart } }
              template:
                metadata: { labels: { app: cart } }
                spec:
                  containers:
                    - name: cart
                      image: lockstep
                      env:
                        - name: AUDIENCE
                          valueFrom: { configMapKeyRef: { name: cart-config, key: audience.txt } }
            """;

    private static final String KUBECONFIG =
            """
            apiVersion: v1
            kind: Config
            clusters: [{ name: shop, cluster: { server: "https://127.0.0.1:1" } }]
            users: [{ name: jane, user: { token: abc } }]
            contexts: [{ name: shop, context: { cluster: shop, user: jane } }]
            current-context: shop
            """;

    private static final String HOLD = "ledger/cart/staging/hold.json";
    private static final String TO_DIRECTORY = " --to dir:../target";

    @TempDir
    Path temporary;

    private GitTestRepository repository;

    @BeforeEach
    void releaseOnce() {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        repository
                .write("lockstep.yaml", PROJECT)
                .write("app/page.txt", "page\n")
                .write("deploy/cart.yaml", DEPLOYMENT)
                .write("config/base/audience.txt", "everybody\n")
                .write("config/staging/audience.txt", "testers\n")
                .write("config/base/limits.most.txt", "10\n")
                .write("config/production/limits.txt", "10\n")
                .commit("good");
        Outcome good = run("release staging" + TO_DIRECTORY);
        assertThat(good.exit).as(good.err).isZero();
    }

    /**
     * One mistake.
     *
     * @param name what was done wrong
     * @param made does it; what it leaves in the work tree is committed
     * @param line what the user types
     * @param exit the exit code of the contract
     * @param where the error's {@code where}, null where the command line itself is the place
     * @param says what the message must have somewhere
     */
    private record Mistake(
            String name, Consumer<Setting> made, String line, int exit, String where, List<String> says) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** Where mistakes are made. */
    private record Setting(GitTestRepository repository, Path home, Path target) {

        void write(String path, String text) {
            repository.write(path, text);
        }

        void edit(String path, String before, String after) {
            try {
                String text = Files.readString(repository.root().resolve(path));
                assertThat(text).contains(before);
                repository.write(path, text.replace(before, after));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void project(String before, String after) {
            edit("lockstep.yaml", before, after);
        }

        void deployment(String before, String after) {
            edit("deploy/cart.yaml", before, after);
        }

        void atHome(String path, String text) {
            MistakesTest.write(home.resolve(path), text);
        }

        void inTarget(String path, String text) {
            MistakesTest.write(target.resolve(path), text);
        }
    }

    private static Mistake mistake(
            String name, Consumer<Setting> made, String line, int exit, String where, String... says) {
        return new Mistake(name, made, line, exit, where, List.of(says));
    }

    private static Mistake inProject(String name, String before, String after, String where, String... says) {
        return mistake(
                name,
                setting -> setting.project(before, after),
                "release staging" + TO_DIRECTORY,
                2,
                "lockstep.yaml" + where,
                says);
    }

    private static Mistake inManifest(String name, String before, String after, String where, String... says) {
        return mistake(
                name,
                setting -> setting.deployment(before, after),
                "release staging" + TO_DIRECTORY,
                2,
                "deploy/cart.yaml" + where,
                says);
    }

    private static Mistake inConfiguration(String name, String path, String text, String where, String... says) {
        return mistake(name, setting -> setting.write(path, text), "release staging" + TO_DIRECTORY, 2, where, says);
    }

    private static Mistake inLine(String name, String line, int exit, String... says) {
        return mistake(name, setting -> {}, line, exit, null, says);
    }

    static Stream<Mistake> projectFile() {
        return Stream.of(
                inProject("a key that is not there", "manifests:", "manifest:", ":7", "manifest", "'manifests'"),
                inProject("a key of the image that is not there", "  base:", "  bse:", ":5", "'base'"),
                inProject(
                        "a key of an environment that is not there",
                        "config: config/staging",
                        "confg: config/staging",
                        ":10",
                        "'config'"),
                inProject("an unknown version", "lockstep/v1", "lockstep/v2", ":1", "lockstep/v1"),
                inProject("no version", "apiVersion: lockstep/v1\n", "", ":1", "apiVersion"),
                inProject("a name that Kubernetes does not take", "app: cart", "app: Cart", ":2", "Cart"),
                inProject("a repository with a tag", "shop/cart", "shop/cart:1.0", ":4", "tag is always the revision"),
                inProject(
                        "a repository that is none",
                        "registry.example.com/shop/cart",
                        "https://registry.example.com/shop/cart",
                        ":4",
                        "https"),
                inProject("no repository", "  repository: registry.example.com/shop/cart\n", "", ":3", "repository"),
                inProject(
                        "a main class of nothing",
                        "  base: scratch",
                        "  base: scratch\n  main: A",
                        ":6",
                        "without 'from'"),
                inProject(
                        "a main class that is a command",
                        "  base: scratch",
                        "  base: scratch\n  from: a.jar\n  main: java A",
                        ":7",
                        "com.example"),
                inProject(
                        "a key of the application with a letter too many",
                        "  base: scratch",
                        "  base: scratch\n  from: a.jar\n  dependancies: libs",
                        ":7",
                        "'dependencies'"),
                inProject("no content", "  layers: [{ from: app, to: /app }]\n", "", ":3", "no content"),
                inProject("a relative place in the image", "to: /app", "to: app", ":6", "absolute"),
                inProject("a mode that YAML reads as a number", "to: /app", "to: /app, mode: 0755", ":6", "\"0755\""),
                inProject("a port that is none", "scratch", "scratch\n  ports: [80800]", ":6", "65535"),
                inProject("a platform that is none", "scratch", "scratch\n  platforms: [amd64]", ":6", "linux/amd64"),
                inProject(
                        "a path that leaves the repository",
                        "config/base",
                        "../../base",
                        ":9",
                        "leaves the repository"),
                inProject("a directory that is not there", "config/base", "config/bse", ":9", "config/bse"),
                mistake(
                        "manifests that are not there",
                        setting -> setting.project("deploy/", "deploi/"),
                        "release staging" + TO_DIRECTORY,
                        2,
                        "deploi",
                        "manifests:"),
                inProject(
                        "an unknown parent",
                        "staging: { extends: [base]",
                        "staging: { extends: [bse]",
                        ":10",
                        "'base'"),
                inProject(
                        "a circle of parents",
                        "base: { abstract: true",
                        "base: { abstract: true, extends: staging",
                        ":",
                        "circle"),
                inProject("an unknown gate", "config: config/staging", "after: prodction", ":10", "'production'"),
                inProject(
                        "bounds the wrong way round",
                        "config: config/staging",
                        "replicas: { min: 3, max: 1 }",
                        ":10",
                        "min",
                        "max"),
                inProject(
                        "an autoscaler without a most",
                        "config: config/staging",
                        "replicas: { min: 3, cpu: 70 }",
                        ":10",
                        "`cpu`",
                        "max: 10"),
                inProject(
                        "an autoscaler that would go down to nothing",
                        "config: config/staging",
                        "replicas: { min: 0, max: 3, cpu: 70 }",
                        ":10",
                        "can't go down to 0"),
                inProject("a key twice", "app: cart", "app: cart\napp: basket", ":3", "twice"),
                inProject("YAML that is none", "app: cart", "app: [cart", ":", "YAML"),
                inProject("a tab", "  base: scratch", "\tbase: scratch", ":5", "YAML"),
                inProject("a number where a text belongs", "app: cart", "app: cart\nversion: 1.10", ":3", "quotes"),
                inProject("two documents", "app: cart", "app: cart\n---\na: b", ":", "one document"),
                mistake(
                        "a project file that is empty",
                        setting -> setting.write("lockstep.yaml", "# later\n"),
                        "build" + TO_DIRECTORY,
                        2,
                        "lockstep.yaml",
                        "empty"),
                inLine("a project file that is not there", "build --file lockstp.yaml" + TO_DIRECTORY, 2, "--file"),
                inLine("an environment that is not there", "release stagin" + TO_DIRECTORY, 2, "'staging'"),
                inLine("an environment that is there to be extended", "release base" + TO_DIRECTORY, 2, "staging"));
    }

    static Stream<Mistake> guards() {
        return Stream.of(
                mistake(
                        "production before staging",
                        setting -> setting.project(
                                "config: config/production", "config: config/production, after: staging"),
                        "release production" + TO_DIRECTORY,
                        3,
                        "cart in production",
                        "has not run well in staging",
                        "never released there",
                        "--skip-gate"),
                mistake(
                        "a new revision where somebody holds",
                        setting -> setting.inTarget(
                                HOLD,
                                "{\"hold\":{\"by\":\"joe\",\"at\":\"2026-03-01T12:00:00Z\",\"reason\":\"moving\"}}"),
                        "release staging" + TO_DIRECTORY,
                        3,
                        "cart in staging",
                        "held by joe at 2026-03-01T12:00:00Z: moving",
                        "lockstep hold staging --release"),
                mistake(
                        "a hold that someone damaged",
                        setting -> setting.inTarget(HOLD, "{\"hold\":{\"by\":\"joe\"}}"),
                        "release staging" + TO_DIRECTORY,
                        2,
                        "",
                        "hold.json",
                        "'at'"),
                inLine("a guard's option for a rollback", "rollback staging --allow-older" + TO_DIRECTORY, 2, "--help"),
                inLine("a hold of an environment that is not there", "hold stagin" + TO_DIRECTORY, 2, "'staging'"),
                inLine(
                        "a reason that is a novel",
                        "hold staging --reason " + "x".repeat(1_001) + TO_DIRECTORY,
                        2,
                        "1000 letters"));
    }

    static Stream<Mistake> manifests() {
        return Stream.of(
                inManifest(
                        "a key of the configuration that is not there",
                        "key: audience.txt",
                        "key: audence.txt",
                        ":14",
                        "'audience.txt'"),
                inManifest(
                        "an image of the project that is not there",
                        "image: lockstep",
                        "image: lockstep/web",
                        ":11",
                        "cart"),
                inManifest(
                        "the project's own image with a tag", "image: lockstep", "image: lockstep:1.0", ":11", "tag"),
                inManifest("YAML that is none", "kind: Deployment", "kind: [Deployment", ":", "YAML"),
                inManifest("no kind", "kind: Deployment\n", "", ":1", "kind"),
                inManifest("no name", "metadata: { name: cart }", "metadata: {}", ":3", "name"),
                inManifest(
                        "a name that Kubernetes does not take",
                        "metadata: { name: cart }",
                        "metadata: { name: Cart_1 }",
                        ":3",
                        "Cart_1"),
                inManifest(
                        "replicas in words",
                        "spec:\n  selector",
                        "spec:\n  replicas: two\n  selector",
                        ":5",
                        "replicas"),
                inManifest("an object twice", "apiVersion", DEPLOYMENT + "---\napiVersion", ":", "twice"),
                inManifest(
                        "a label of Lockstep's own",
                        "metadata: { name: cart }",
                        "metadata: { name: cart, annotations: { lockstep.io/seal: x } }",
                        ":3",
                        "reserved"),
                mistake(
                        "JSON that is none",
                        setting -> setting.write("deploy/service.json", "{ \"kind\": "),
                        "release staging" + TO_DIRECTORY,
                        2,
                        "deploy/service.json:1",
                        "JSON"),
                mistake(
                        "a list that holds what is no object",
                        setting -> setting.write("deploy/list.yaml", "apiVersion: v1\nkind: List\nitems: [1]\n"),
                        "release staging" + TO_DIRECTORY,
                        2,
                        "deploy/list.yaml:3",
                        "object"));
    }

    static Stream<Mistake> configuration() {
        return Stream.of(
                inConfiguration(
                        "a key that no ConfigMap takes", "config/base/a key.txt", "x", "config/base/a key.txt", "key"),
                inConfiguration(
                        "two files on one key", "config/base/limits/most.txt", "x", "config/base/", "limits.most.txt"),
                inConfiguration(
                        "a private key",
                        "config/base/server.pem",
                        "-----BEGIN RSA PRIVATE KEY-----\nabc\n",
                        "config/base/server.pem",
                        "private key",
                        "Secret"),
                inConfiguration(
                        "more than a ConfigMap holds",
                        "config/base/large.txt",
                        "0123456789abcdef".repeat(70_000),
                        "",
                        "1048576"),
                mistake(
                        "a line of a .env file that is none",
                        setting -> {
                            setting.project(
                                    "config: config/staging",
                                    "config: { from: config/staging, expand: true, as: env }");
                            setting.write("config/staging/app.env", "A=1\nno assignment\n");
                        },
                        "release staging" + TO_DIRECTORY,
                        2,
                        "config/staging/app.env:2",
                        "NAME=VALUE"));
    }

    static Stream<Mistake> revisionsAndReleases() {
        return Stream.of(
                inLine("a revision that is not there", "deploy staging --revision mian" + TO_DIRECTORY, 2, "'main'"),
                inLine(
                        "a revision that looks like an option",
                        "deploy staging --revision=--all" + TO_DIRECTORY,
                        2,
                        "--all"),
                inLine("an expression", "deploy staging --revision main..other" + TO_DIRECTORY, 2, "main..other"),
                mistake(
                        "a commit without an image",
                        setting -> setting.write("app/page.txt", "other\n"),
                        "deploy staging" + TO_DIRECTORY,
                        4,
                        null,
                        "lockstep build"),
                inLine("a release that is not there", "rollback staging --to #9" + TO_DIRECTORY, 2, "#9", "history"),
                inLine("nothing to go back to", "rollback production" + TO_DIRECTORY, 2, "release"),
                inLine(
                        "a revision that was never released",
                        "rollback production --to main" + TO_DIRECTORY,
                        2,
                        "nothing was ever released"));
    }

    static Stream<Mistake> imageSources() {
        return Stream.of(
                mistake(
                        "a build output that is not there",
                        setting -> setting.project("from: app,", "from: target/app,"),
                        "build" + TO_DIRECTORY,
                        2,
                        "image cart: layers[0].from",
                        "target",
                        "mvnw package"),
                mistake(
                        "a jar that is none",
                        setting -> {
                            setting.project("layers: [{ from: app, to: /app }]", "from: app/page.txt");
                        },
                        "build" + TO_DIRECTORY,
                        2,
                        "image cart: from",
                        "jar"),
                inProject("a build output by absolute path", "from: app,", "from: /app,", ":6", "/app"));
    }

    static Stream<Mistake> servers() {
        return Stream.of(
                inLine("no kubeconfig", "status staging", 2, "--kubeconfig", "--to dir:"),
                mistake(
                        "a kubeconfig that is no YAML",
                        setting -> setting.atHome(".kube/config", "clusters: ["),
                        "status staging",
                        2,
                        "HOME/.kube/config:1",
                        "YAML"),
                mistake(
                        "a context that is not there",
                        setting -> setting.atHome(".kube/config", KUBECONFIG),
                        "status staging --context shp",
                        2,
                        "HOME/.kube/config",
                        "'shop'"),
                mistake(
                        "a context without its user",
                        setting -> setting.atHome(".kube/config", KUBECONFIG.replace("user: jane", "user: joe")),
                        "status staging",
                        2,
                        "HOME/.kube/config",
                        "joe"),
                mistake(
                        "an API server that does not listen",
                        setting -> setting.atHome(".kube/config", KUBECONFIG),
                        "status staging",
                        5,
                        "https://127.0.0.1:1",
                        "listens"),
                mistake(
                        "a plug-in for logins that is not there",
                        setting -> setting.atHome(
                                ".kube/config",
                                KUBECONFIG.replace(
                                        "token: abc",
                                        "exec: { apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never }")),
                        "status staging",
                        5,
                        "",
                        "no-such-plugin"),
                inLine(
                        "a registry that does not listen",
                        "build --repository 127.0.0.1:1/shop/cart",
                        4,
                        "nothing listens there"),
                inLine(
                        "a registry that has no address",
                        "build --repository registry.invalid/shop/cart",
                        4,
                        "no such host"),
                mistake(
                        "a base image that is no reference",
                        setting -> setting.project("scratch", "Debian:12"),
                        "build" + TO_DIRECTORY,
                        2,
                        "lockstep.yaml:5",
                        "Debian:12"),
                mistake(
                        "a directory target with a damaged index of images",
                        setting -> setting.inTarget("images/index.json", "{"),
                        "build" + TO_DIRECTORY,
                        2,
                        "",
                        "index.json"),
                mistake(
                        "a directory target with a damaged ledger",
                        setting -> damageLedger(setting.target()),
                        "history staging" + TO_DIRECTORY,
                        2,
                        "",
                        "1.json",
                        "by hand"));
    }

    static Stream<Mistake> commandLine() {
        return Stream.of(
                inLine("no command", "", 2, "lockstep --help"),
                inLine("a command that is not there", "relase staging", 2, "'release'"),
                inLine("an option that is not there", "release staging --time-out 3m", 2, "--timeout"),
                inLine("no environment", "release", 2, "ENV"),
                inLine("one environment too many", "release staging production", 2, "production"),
                inLine("a time that is none", "release staging --timeout soon", 2, "10m"),
                inLine("no time at all", "release staging --timeout 0s" + TO_DIRECTORY, 2, "10m"),
                inLine("a choice that is none", "release staging --on-failure retry", 2, "rollback", "keep"),
                inLine("two targets", "release staging --namespace shop" + TO_DIRECTORY, 2, "target"),
                inLine("a target that is none", "release staging --to directory", 2, "dir:"),
                inLine("a directory that is not there", "release staging -C services/crt", 2, "services/crt"),
                inLine("a report where no directory is", "release staging --report no/report.json", 2, "report"),
                inLine("help as other programs have it", "help", 2, "write lockstep --help"),
                inLine("a directory whose letters the locale lacks", "status -C Proj?kt", 2, "LC_ALL=C.UTF-8"),
                inLine("a path that no machine has", "status -C a\0b", 2, "'a\0b' is no path of this machine"),
                inLine("an abstract environment", "release base" + TO_DIRECTORY, 2, "is abstract", "staging"),
                inLine("a directory below the project's", "status -C config" + TO_DIRECTORY, 2, "it has lockstep.yaml"),
                inLine("a directory as the project file", "status --file config" + TO_DIRECTORY, 2, "is a directory"),
                inLine("no name of a project file", "status --file ." + TO_DIRECTORY, 2, "is a directory"),
                inLine("a namespace that none can be", "status --namespace Shop_1", 2, "--namespace", "lower-case"),
                mistake(
                        "a file where images are to be stored",
                        setting -> setting.inTarget("../other/images", "no directory"),
                        "build --to dir:../other",
                        2,
                        null,
                        "images is a file"),
                inLine("no repository around", "release staging -C ..", 2, "Git"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "guards",
        "projectFile",
        "manifests",
        "configuration",
        "revisionsAndReleases",
        "imageSources",
        "servers",
        "commandLine"
    })
    void theMessageSaysWhatWhereAndWhatToDoAndNothingIsWritten(Mistake mistake) throws IOException {
        mistake.made.accept(new Setting(repository, temporary.resolve("home"), temporary.resolve("target")));
        repository.commit(mistake.name);
        Map<String, String> before = everything();

        Outcome words = run(mistake.line);
        Outcome json = run(mistake.line + " --json");

        assertThat(words.exit).as(words.err).isEqualTo(mistake.exit);
        assertThat(words.err)
                .containsPattern("(?m)^error: ")
                .contains("  do: ")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(words.err).contains(mistake.says);
        assertThat(words.out).isEmpty();
        assertThat(json.exit).isEqualTo(mistake.exit);
        Map<?, ?> error = (Map<?, ?>) ((Map<?, ?>) Json.read(json.out)).get("error");
        assertThat(error.get("exit")).isEqualTo(mistake.exit);
        if (mistake.where != null) {
            assertThat(error.get("where"))
                    .asString()
                    .startsWith(mistake.where.replace(
                            "HOME", temporary.resolve("home").toString()));
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** Every file of the work tree, the target and the home directory, with what it holds. */
    private Map<String, String> everything() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(temporary)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String path = temporary.relativize(file).toString();
                // Git's own bookkeeping is Git's.
                if (!path.startsWith(Path.of("cart", ".git").toString())
                        && !path.startsWith(Path.of("home", ".config").toString())) {
                    files.put(path, Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    private static void damageLedger(Path target) {
        try (Stream<Path> all = Files.walk(target)) {
            Path release = all.filter(Files::isRegularFile)
                    .filter(file -> file.endsWith("1.json"))
                    .findFirst()
                    .orElseThrow();
            write(release, "{");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome run(String line) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of("HOME", temporary.resolve("home").toString()),
                temporary.resolve("cart"),
                false,
                "jane");
        String[] arguments =
                Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toArray(String[]::new);
        int exit = LockstepCommand.run(shell, arguments);
        return new Outcome(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    private record Outcome(int exit, String out, String err) {}
}
