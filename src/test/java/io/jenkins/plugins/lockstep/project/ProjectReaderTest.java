package io.jenkins.plugins.lockstep.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.config.ConfigSource;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectReaderTest {

    /** The example of the contract, word for word. */
    private static final String EXAMPLE =
            """
            apiVersion: lockstep/v1
            app: cart
            image:
              repository: registry.example.com/shop/cart
              base: eclipse-temurin:17-jre          # or scratch, or a `docker save` tar; pinned by digest in lockstep.lock
              from: target/cart.jar                 # Spring Boot jar, thin jar + its Class-Path, or WAR; or `layers:` for any language
              ports: [8080]
              platforms: [linux/amd64]
            manifests: deploy/                      # Kubernetes YAML/JSON; optional: a Deployment and a Service are rendered if absent
            run: { pullSecret: regcred, serviceAccount: cart }          # for the rendered Deployment; also resources, probes
            keep: { releases: 50, days: 180 }
            environments:
              base:       { abstract: true, config: config/base }
              staging:    { extends: [base], config: config/staging, namespace: shop-staging, replicas: { min: 1, max: 2 } }
              production: { extends: [base], config: { from: config/production, expand: true }, namespace: shop, cluster: prod,
                            after: staging, history: forward, replicas: { min: 3, max: 12, cpu: 70 } }
            """;

    private static final String HEAD =
            """
            apiVersion: lockstep/v1
            app: cart
            image: { repository: shop/cart, base: scratch, from: app.jar }
            """;

    @Test
    void theExampleOfTheContractIsRead() {
        Project project = read(EXAMPLE);

        assertThat(project.app()).isEqualTo("cart");
        ImageDefinition image = project.images().get("cart");
        assertThat(image.repository()).hasToString("registry.example.com/shop/cart");
        assertThat(image.application()).isEqualTo(ImageDefinition.Application.of("target/cart.jar"));
        assertThat(image.ports()).containsExactly(8080);
        assertThat(project.manifests()).isEqualTo(new Project.Manifests("deploy/", false));
        assertThat(project.run().pullSecret()).isEqualTo("regcred");
        assertThat(project.environments()).containsOnlyKeys("staging", "production");

        Environment production = project.environment("production");
        assertThat(production.namespace()).isEqualTo("shop");
        assertThat(production.cluster()).isEqualTo("prod");
        assertThat(production.replicas()).isEqualTo(new Environment.ReplicaBounds(3, 12, 70));
        assertThat(production.config())
                .containsExactly(
                        new ConfigSource("config/base", false, List.of(), "base", "lockstep.yaml:13"),
                        new ConfigSource("config/production", true, List.of(), "production", "lockstep.yaml:15"));
    }

    @Test
    void anApplicationMayBeClassesAndLibrariesAndLayersLieAboveIt() {
        Project project = read(
                """
                apiVersion: lockstep/v1
                app: cart
                image:
                  repository: shop/cart
                  base: scratch
                  from: [build/classes/java/main, build/resources/main]
                  dependencies: ../libs
                  main: com.example.cart.Cart$Main
                  appRoot: /opt/cart
                  modules: ["cart-*.jar", shared.jar]
                  layers: [{ from: agent.jar, to: /agent/ }]
                """,
                "services/cart/lockstep.yaml");

        ImageDefinition image = project.images().get("cart");
        assertThat(image.application())
                .isEqualTo(new ImageDefinition.Application(
                        List.of("build/classes/java/main", "build/resources/main"),
                        List.of("../libs"),
                        "com.example.cart.Cart$Main",
                        "/opt/cart",
                        List.of("cart-*.jar", "shared.jar")));
        assertThat(image.layers()).containsExactly(new ImageDefinition.Layer("agent.jar", "/agent/", null));
    }

    @Test
    void layersCarryAnyLanguage() {
        Project project = read(
                """
                apiVersion: lockstep/v1
                app: cart
                images:
                  web:
                    repository: shop/web
                    base: debian:12-slim
                    layers:
                      - { from: bin/server, to: /app/server, mode: "0755" }
                      - { from: ../shared, to: /app/ }
                    entrypoint: [/app/server]
                    command: --verbose
                    env: { LANG: C.UTF-8 }
                    user: 1000
                    workdir: /app
                    labels: { team: shop }
                  worker: { repository: shop/worker, base: base.tar, from: worker.jar }
                """,
                "services/cart/lockstep.yaml");

        ImageDefinition web = project.images().get("web");
        assertThat(web.layers())
                .containsExactly(
                        new ImageDefinition.Layer("bin/server", "/app/server", 0755),
                        new ImageDefinition.Layer("../shared", "/app/", null));
        assertThat(web.entrypoint()).containsExactly("/app/server");
        assertThat(web.command()).containsExactly("--verbose");
        assertThat(web.environment()).isEqualTo(Map.of("LANG", "C.UTF-8"));
        assertThat(web.user()).isEqualTo("1000");
        assertThat(web.workingDirectory()).isEqualTo("/app");
        assertThat(web.platforms()).containsExactly("linux/amd64");
        assertThat(project.images()).containsOnlyKeys("web", "worker");
        assertThat(project.environments()).isEmpty();
        assertThat(project.manifests()).isNull();
    }

    @Test
    void piecesCombineLeftToRightAndKeyByKey() {
        Project project = read(
                HEAD
                        + """
                  environments:
                    base: { abstract: true, config: config/base, namespace: shop, replicas: { min: 1, max: 4 } }
                    eu: { abstract: true, extends: base, config: [config/eu, { from: config/gdpr, as: env }], cluster: eu }
                    big: { abstract: true, extends: base, replicas: { max: 40 }, namespace: big }
                    production: { extends: [eu, big], config: { from: config/production, allowSecrets: ["*.pem"] }, replicas: { min: 3 } }
                    plain:
                  """);

        Environment production = project.environment("production");
        assertThat(production.config())
                .extracting(ConfigSource::from)
                .containsExactly("config/base", "config/eu", "config/gdpr", "config/production");
        assertThat(production.config()).extracting(ConfigSource::expand).containsExactly(false, false, true, false);
        assertThat(production.config().get(3).allowSecrets()).containsExactly("*.pem");
        assertThat(production.namespace()).isEqualTo("big");
        assertThat(production.cluster()).isEqualTo("eu");
        assertThat(production.replicas()).isEqualTo(new Environment.ReplicaBounds(3, 40, null));
        assertThat(project.environment("plain").replicas()).isNull();
    }

    @Test
    void whatSeveralExtendIsLaidOnceSoThatItHidesNothing() {
        Project project = read(
                HEAD
                        + """
                  environments:
                    base: { abstract: true, config: config/base, namespace: shop, cluster: any, replicas: 2 }
                    eu: { abstract: true, extends: base, config: config/eu, namespace: shop-eu, replicas: { max: 9 } }
                    big: { abstract: true, extends: [base], config: config/big, replicas: { min: 5 } }
                    production: { extends: [eu, big] }
                  """);

        Environment production = project.environment("production");

        assertThat(production.pieces()).containsExactly("base", "eu", "big", "production");
        assertThat(production.namespace()).isEqualTo("shop-eu");
        assertThat(production.cluster()).isEqualTo("any");
        assertThat(production.replicas()).isEqualTo(new Environment.ReplicaBounds(5, 9, null));
        assertThat(production.config())
                .extracting(ConfigSource::from)
                .containsExactly("config/base", "config/eu", "config/big");
        assertThat(production.config()).extracting(ConfigSource::environment).containsExactly("base", "eu", "big");
    }

    @Test
    void everySettingKnowsItsPlaceAndWhatItWonOver() {
        Project project = read(
                """
                apiVersion: lockstep/v1
                app: cart
                image: { repository: cart, base: scratch, from: cart.jar }
                environments:
                  base:
                    abstract: true
                    namespace: shop
                    replicas: 2
                    history: any
                  eu:
                    abstract: true
                    extends: base
                    namespace: shop-eu
                  staging: { namespace: try }
                  production:
                    extends: eu
                    namespace: shop-prod
                    replicas:
                      max: 7
                      cpu: 70
                    history: forward
                    after: staging
                """);

        Environment production = project.environment("production");

        assertThat(production.settings().keySet())
                .containsExactly("namespace", "replicas.min", "replicas.max", "replicas.cpu", "after", "history");
        Setting namespace = production.settings().get("namespace");
        assertThat(namespace.value()).isEqualTo("shop-prod");
        assertThat(namespace.environment()).isEqualTo("production");
        assertThat(namespace.place()).isEqualTo("lockstep.yaml:17");
        assertThat(namespace.overridden())
                .extracting(Setting::value, Setting::environment, Setting::place)
                .containsExactly(tuple("shop-eu", "eu", "lockstep.yaml:13"), tuple("shop", "base", "lockstep.yaml:7"));
        assertThat(production.settings().get("replicas.min"))
                .isEqualTo(new Setting("replicas.min", 2, "base", "lockstep.yaml:8", List.of()));
        assertThat(production.settings().get("replicas.max").place()).isEqualTo("lockstep.yaml:19");
        assertThat(production.settings().get("history").value()).isEqualTo("forward");
        assertThat(project.environment("staging").settings()).containsOnlyKeys("namespace");
    }

    @Test
    void anAbstractEnvironmentIsNoneToReleaseTo() {
        Project project = read(HEAD + "environments: { base: { abstract: true }, prod: { extends: base } }\n");

        assertThatThrownBy(() -> project.environment("base"))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.what()).isEqualTo("the environment 'base' is abstract");
                    assertThat(failure.hint()).isEqualTo("name one that extends it: prod");
                });
        assertMistake(
                HEAD + "environments: { base: { abstract: true }, prod: { after: base } }\n",
                4,
                "no environment is named 'base'",
                "prod");
    }

    @Test
    void whatTheFileNamesIsKnownWhereverItIs() {
        Project project = read(
                """
                apiVersion: lockstep/v1
                app: cart
                image:
                  repository: cart
                  base: ../base.tar
                  layers: [{ from: ../assets, to: /assets }]
                manifests: { from: ../deploy/./cart/ }
                sources: ["../libs/common/**", proto/*.proto]
                environments:
                  base: { abstract: true, config: { from: ../../config/base } }
                  staging: { config: [config/staging] }
                """,
                "services/cart/lockstep.yaml");

        assertThat(project.inputs().named())
                .containsExactly(
                        "config/base",
                        "services/assets",
                        "services/base.tar",
                        "services/cart/config/staging",
                        "services/deploy/cart");
        assertThat(project.inputs().sources())
                .containsExactly(
                        new ProjectInputs.Source(
                                "../libs/common/**", "services/libs/common/**", "services/cart/lockstep.yaml:8"),
                        new ProjectInputs.Source(
                                "proto/*.proto", "services/cart/proto/*.proto", "services/cart/lockstep.yaml:8"));
        assertMistake(
                HEAD + "sources: [../../libs/**]\n",
                4,
                "the path '../../libs/**' leaves the repository",
                "inside the repository");
    }

    @Test
    void oneNumberOfReplicasIsBothBounds() {
        Project project = read(HEAD + "environments: { one: { replicas: 3 }, two: { replicas: { min: 2 } } }\n");

        assertThat(project.environment("one").replicas()).isEqualTo(new Environment.ReplicaBounds(3, 3, null));
        assertThat(project.environment("two").replicas())
                .isEqualTo(new Environment.ReplicaBounds(2, Integer.MAX_VALUE, null));
    }

    @Test
    void generatedManifestsAreSaidToBe() {
        assertThat(read(HEAD + "manifests: { from: target/k8s, generated: true }\n")
                        .manifests())
                .isEqualTo(new Project.Manifests("target/k8s", true));
    }

    @Test
    void anEnvironmentThatIsAskedForWronglyIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> read(EXAMPLE).environment("prodution"))
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e.problem()).isEqualTo(Problem.BAD_USAGE);
                    assertThat(e.hint()).isEqualTo("did you mean 'production'?");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "enviroments: {}                              | 4 | the key 'enviroments' is not known       | did you mean 'environments'?",
                "environments: { a: { confg: x } }            | 4 | the key 'confg' is not known in          | did you mean 'config'?",
                "environments: { a: { extends: [b] }, bb: {}} | 4 | no environment is named 'b'              | did you mean 'bb'?",
                "environments: { a: { extends: b }, b: {extends: a}} | 4 | in a circle                       | remove one",
                "environments: { a: { extends: a } }          | 4 | in a circle                              | remove one",
                "environments: { A: {} }                      | 4 | 'A' is not a name                        | lower-case",
                "environments: { a: { after: b } }            | 4 | no environment is named 'b'              | known here",
                "environments: { a: { after: a } }            | 4 | can't come after itself                  | ``",
                "environments: { a: { history: foward } }     | 4 | can't be 'foward'                        | did you mean 'forward'?",
                "environments: { a: { hold: never } }         | 4 | can't be 'never'                         | until-lifted",
                "environments: { a: { namespace: Shop } }     | 4 | 'Shop' is not a name                     | lower-case",
                "environments: { a: { replicas: { min: 3, max: 2 } } } | 4 | at least 3 and at most 2        | raise",
                "environments: { a: { replicas: lots } }      | 4 | must be keys with values                 | ``",
                "environments: { a: { config: /etc } }        | 4 | leaves the repository                    | inside the repository",
                "environments: { a: { config: [3] } }         | 4 | must be a directory                      | ``",
                "environments: { a: { config: { from: x, as: env, expand: false } } } | 4 | contradict       | keep one",
                "environments: { a: { abstract: ja } }        | 4 | must be true or false                    | ``",
                "manifests: ../../deploy                      | 4 | leaves the repository                    | inside the repository",
                "manifests: { form: x }                       | 4 | the key 'form' is not known              | did you mean 'from'?",
                "manifests: []                                | 4 | must be a text, but is a list            | ``",
                "keep: { releases: 0 }                        | 4 | must be from 1                           | ``",
                "graces: { registry: soon }                   | 4 | 'soon' is not a duration                 | 30s",
                "graces: { regisry: 1m }                      | 4 | the key 'regisry' is not known           | did you mean 'registry'?",
                "run: { pullSecrets: x }                      | 4 | the key 'pullSecrets' is not known       | did you mean 'pullSecret'?",
                "run: { probes: { ready: {} } }               | 4 | the key 'ready' is not known             | known here",
                "version: 1.10                                | 4 | must be a text, but is the number 1.1    | in quotes",
                "allowChanges: '*.xml'                        | 4 | must be a list                           | ``",
                "images: {}                                   | 4 | both 'image' and 'images'                | short form",
            })
    void mistakesNameTheirLineAndTheNearestRightWord(String addition, int line, String what, String hint) {
        assertMistake(HEAD + addition + "\n", line, what, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ base: scratch, from: a.jar }                            | 'image.repository' is missing      | REGISTRY/PATH",
                "{ repository: 'x/y:1', base: scratch, from: a.jar }       | has a tag or a digest              | write 'x/y'",
                "{ repository: X/Y, base: scratch, from: a.jar }           | is not an image reference          | lower case",
                "{ repository: x/y, from: a.jar }                          | 'image.base' is missing            | scratch",
                "{ repository: x/y, base: ':', from: a.jar }               | is not an image reference          | REGISTRY/PATH",
                "{ repository: x/y, base: scratch }                        | the image has no content           | from: target/app.jar",
                "{ repository: x/y, base: scratch, from: [] }              | 'from' is empty                   | target/app.jar",
                "{ repository: x/y, base: scratch, from: [a, ../b] }       | leaves the repository              | relative",
                "{ repository: x/y, base: scratch, from: a, dependencies: /b }     | leaves the repository      | relative",
                "{ repository: x/y, base: scratch, from: a, main: 'a b' }  | is not the name of a class         | with its package",
                "{ repository: x/y, base: scratch, from: a, appRoot: app } | not an absolute, plain path        | start it with /",
                "{ repository: x/y, base: scratch, from: a, appRoot: /a/../b } | not an absolute, plain path   | without",
                "{ repository: x/y, base: scratch, from: a, workdir: '/a//b' } | not an absolute, plain path   | without",
                "{ repository: x/y, base: scratch, from: a, workdir: '/a\\b' } | not an absolute, plain path   | backslashes",
                "{ repository: x/y, base: scratch, from: a, modules: { a: b } }    | must be a text             | ``",
                "{ repository: x/y, base: scratch, from: a, dependency: b } | is not known                      | dependencies",
                "{ repository: x/y, base: scratch, main: A, layers: [{ from: a, to: /b }] } | without 'from'     | layers:",
                "{ repository: x/y, base: scratch, from: ../a.jar }        | leaves the repository              | relative",
                "{ repository: x/y, base: scratch, layers: [{ from: a }] } | 'image.layers[0].to' is missing    | /app/",
                "{ repository: x/y, base: scratch, layers: [{ from: a, to: b }] }      | not an absolute, plain path | start it with /",
                "{ repository: x/y, base: scratch, layers: [{ from: a, to: /../b }] }  | not an absolute, plain path | start it with /",
                "{ repository: x/y, base: scratch, layers: [{ from: a, to: /b, mode: 755 }] } | the mode is not | 0755",
                "{ repository: x/y, base: scratch, layers: [a] }           | must be keys with values           | ``",
                "{ repository: x/y, base: scratch, from: a, ports: [0] }   | must be from 1 to 65535            | ``",
                "{ repository: x/y, base: scratch, from: a, ports: ['80']} | must be a whole number             | ``",
                "{ repository: x/y, base: scratch, from: a, platforms: [linux] } | is not a platform            | linux/amd64",
                "{ repository: x/y, base: scratch, from: a, env: { A: 1 }} | must be a text                     | in quotes",
                "{ repository: x/y, base: scratch, from: a, entrypoint: java -jar a } | one text with blanks    | write a list",
                "{ repository: x/y, base: scratch, from: a, labels: { org.opencontainers.image.version: x } } | is set by Lockstep | version:",
                "[]                                                        | must be keys with values           | ``",
            })
    void mistakesInAnImageNameTheirLineToo(String image, String what, String hint) {
        assertMistake("apiVersion: lockstep/v1\napp: cart\nimage: " + image + "\n", 3, what, hint);
    }

    @Test
    void imagesDoNotShareARepository() {
        assertMistake(
                """
                apiVersion: lockstep/v1
                app: cart
                images:
                  a: { repository: x/y, base: scratch, from: a.jar }
                  b: { repository: x/y, base: scratch, from: b.jar }
                """,
                5,
                "share a repository",
                "repository of its own");
    }

    @Test
    void theTopIsChecked() {
        assertMistake("", 0, "the project file is empty", "apiVersion");
        assertMistake("app: cart\n", 1, "'apiVersion' is missing", "lockstep/v1");
        assertMistake("apiVersion: lockstep/v2\n", 1, "'lockstep/v2' is not known", "lockstep/v1");
        assertMistake("apiVersion: lockstep/v1\napp: Cart\n", 2, "'Cart' is not a name", "lower-case");
        assertMistake("apiVersion: lockstep/v1\napp: " + "c".repeat(51) + "\n", 2, "is not a name", "at most 50");
        assertMistake("apiVersion: lockstep/v1\napp: cart\n", 1, "the project has no image", "image:");
        assertMistake(HEAD + "---\n" + HEAD, 5, "one document", "---");
    }

    @Test
    void whateverIsTypedTheAnswerIsAMistakeAndNoCrash() {
        var random = new Random(20260117);
        for (int round = 0; round < 400; round++) {
            String text = mangled(EXAMPLE, random);
            try {
                read(text);
            } catch (DeliveryException expected) {
                assertThat(expected.problem()).as(text).isEqualTo(Problem.BAD_INPUT);
                assertThat(expected.where()).as(text).startsWith("lockstep.yaml");
            }
        }
    }

    /** Deletes, doubles and swaps pieces of a text, and puts awkward ones in. */
    private static String mangled(String text, Random random) {
        String[] awkward = {
            "{",
            "}",
            "[",
            "]",
            ":",
            "- ",
            "~",
            "&a ",
            "*a",
            "<<: *a",
            "\"",
            "'",
            "|",
            "\t",
            "!!x",
            "1e9",
            "%",
            "\n",
            "  ",
            "null",
            "2026-01-01",
            ".inf",
            "\0",
            "é",
            "..",
            "/"
        };
        var result = new StringBuilder(text);
        for (int change = random.nextInt(4) + 1; change > 0; change--) {
            int at = random.nextInt(result.length());
            int end = Math.min(result.length(), at + random.nextInt(20));
            switch (random.nextInt(4)) {
                case 0 -> result.delete(at, end);
                case 1 -> result.insert(at, result.substring(at, end));
                case 2 -> result.replace(at, end, awkward[random.nextInt(awkward.length)]);
                default -> result.insert(at, awkward[random.nextInt(awkward.length)]);
            }
        }
        return result.toString();
    }

    private static void assertMistake(String text, int line, String what, String hint) {
        DeliveryException mistake = catchThrowableOfType(DeliveryException.class, () -> read(text));

        assertThat(mistake).as(text).isNotNull();
        assertThat(mistake.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(mistake.what()).contains(what);
        assertThat(mistake.where()).startsWith(line == 0 ? "lockstep.yaml" : "lockstep.yaml:" + line);
        if (!hint.isEmpty()) {
            assertThat(mistake.hint()).contains(hint);
        }
    }

    private static Project read(String text) {
        return read(text, "lockstep.yaml");
    }

    private static Project read(String text, String file) {
        return new ProjectReader().read(file, text.getBytes(UTF_8));
    }
}
