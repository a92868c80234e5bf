package io.jenkins.plugins.lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever stands in a file that Lockstep reads, the answer is one of the contract: it may go well or be refused, but it is
 * no defect, shows no stack trace and ends.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RandomInputTest {

    private static final int ROUNDS = 25;

    private static final String[] AWKWARD = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        "- ",
        "~",
        "&a ",
        "*a",
        "<<: *a",
        "\"",
        "'",
        "|",
        ">",
        "\t",
        "!!x ",
        "!!binary ",
        "1e9",
        "%",
        "\n",
        "  ",
        "null",
        "2026-01-01",
        ".inf",
        "\0",
        "\r",
        "# ",
        "---\n",
        "...",
        "\u00e9",
        "\ufeff",
        "99999999999999999999",
        "-1",
        "true",
        "{{ x }}",
        "${x}",
        "\\",
        "/",
        "../",
        "=",
        "@",
        "?",
        ",",
        "0x1f",
        "0o7"
    };

    @TempDir
    Path temporary;

    private GitTestRepository repository;

    @BeforeEach
    void releaseOnce() throws IOException {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: registry.example.com/shop/cart
                          base: scratch
                          layers:
                            - { from: app, to: /app, mode: "0755" }
                          entrypoint: [/app/page.txt]
                          env: { LEVEL: "3" }
                          ports: [8080]
                          platforms: [linux/amd64]
                          labels: { team: shop }
                        manifests: deploy/
                        run: { serviceAccount: cart, resources: { limits: { memory: 64Mi } } }
                        allowChanges: ["*.log"]
                        graces: { registry: 2m }
                        environments:
                          base: { abstract: true, config: config/base }
                          staging:
                            extends: [base]
                            config: { from: config/staging, expand: true, as: env }
                            replicas: { min: 1, max: 3 }
                            namespace: shop
                        """)
                .write("app/page.txt", "page\n")
                .write(
                        "locked/lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: locked
                        image:
                          repository: registry.example.com/shop/locked
                          base: 127.0.0.1:1/base:1
                          layers: [{ from: ../app, to: /app }]
                        """)
                .write(
                        "locked/lockstep.lock",
                        """
                        # What the base images of lockstep.yaml are, by platform.
                        apiVersion: lockstep/v1
                        bases:
                          "127.0.0.1:1/base:1":
                            linux/amd64: sha256:%s
                        """
                                .formatted("1".repeat(64)))
                .write(
                        "deploy/cart.yaml",
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: { name: cart, annotations: { lockstep.io/prune: never } }
                        spec:
                          replicas: 2
                          selector: { matchLabels: { app: cart } }
                          template:
                            metadata: { labels: { app: cart } }
                            spec:
                              containers:
                                - name: cart
                                  image: lockstep
                                  ports: [{ containerPort: 8080 }]
                                  env: [{ name: A, valueFrom: { configMapKeyRef: { name: cart-config, key: LEVEL } } }]
                              volumes: [{ name: c, configMap: { name: cart-config, items: [{ key: LEVEL, path: l }] } }]
                        """)
                .write(
                        "deploy/service.json",
                        "{\"apiVersion\": \"v1\", \"kind\": \"Service\",\n"
                                + " \"metadata\": {\"name\": \"cart\"}, \"spec\": {\"ports\": [{\"port\": 80}]}}\n")
                .write("config/base/audience.txt", "everybody\n")
                .write("config/staging/app.env", "LEVEL=3\n# comment\nexport NAME=\"a b\" # end\nEMPTY=\n")
                .write("config/staging/app.properties", "a.b = c\\\n d\n! comment\nurl:http\\u0041\n")
                .commit("good");
        write(
                temporary.resolve("home/.kube/config"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{ name: shop, cluster: { server: "http://127.0.0.1:1", certificate-authority-data: YQ== } }]
                users: [{ name: jane, user: { token: abc, exec: { command: none, args: [a], env: [{ name: A, value: b }] } } }]
                contexts: [{ name: shop, context: { cluster: shop, user: jane, namespace: shop } }]
                current-context: shop
                """);
        write(
                temporary.resolve("home/.docker/config.json"),
                "{\"auths\": {\"registry.invalid\": {\"auth\": \"YTpi\"}}, \"credHelpers\": {\"a\": \"b\"}}");
        assertThat(run("release", "staging", "--to", "dir:../target")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "cart/lockstep.yaml, release staging --to dir:../target",
        "cart/locked/lockstep.lock, build -C locked --to dir:../target",
        "cart/deploy/cart.yaml, release staging --to dir:../target",
        "cart/deploy/service.json, release staging --to dir:../target",
        "cart/config/staging/app.env, release staging --to dir:../target",
        "cart/config/staging/app.properties, release staging --to dir:../target",
        "home/.kube/config, status staging --context shop",
        "home/.docker/config.json, build --repository registry.invalid/shop/cart",
        "target/ledger/cart/staging/1.json, rollback staging --to #1 --to dir:../target",
        "target/images/index.json, build --to dir:../target"
    })
    void nothingIsADefect(String path, String line) throws IOException {
        Path file = temporary.resolve(path);
        String good = Files.readString(file);
        for (int round = 0; round < ROUNDS; round++) {
            // A seed of its own for each round: a failure can be looked at alone.
            String text = mangled(good, new Random(round));
            write(file, text);
            if (path.startsWith("cart/")) {
                repository.commit("round " + round);
            }

            int exit = run(line.split(" "));

            assertThat(exit)
                    .as("round %s of %s:%n%s%n%s", round, path, text, errors)
                    .isNotEqualTo(1);
            assertThat(errors).as(text).doesNotContain("\tat ");
        }
    }

    /** Deletes, doubles and swaps pieces of a text, and puts awkward ones in. */
    private static String mangled(String text, Random random) {
        var mangled = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int from = random.nextInt(mangled.length() + 1);
            int to = Math.min(mangled.length(), from + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> mangled.delete(from, to);
                case 1 -> mangled.insert(from, mangled.substring(from, to));
                case 2 -> mangled.replace(from, to, AWKWARD[random.nextInt(AWKWARD.length)]);
                default -> mangled.insert(from, AWKWARD[random.nextInt(AWKWARD.length)]);
            }
        }
        return mangled.toString();
    }

    private String errors = "";

    private int run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of("HOME", temporary.resolve("home").toString()),
                temporary.resolve("cart"),
                false,
                "jane");
        int exit = LockstepCommand.run(shell, arguments);
        errors = err.toString(UTF_8);
        return exit;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
