package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people read of a plan, on a directory target. */
class PlanCommandTest {

    private static final String OLD = "tiger";
    private static final String NEW = "lioness";

    @TempDir
    Path temporary;

    private GitTestRepository repository;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image: { repository: registry.example.com/shop/cart, base: scratch, layers: [{ from: app, to: /app }] }
                        manifests: deploy/
                        environments: { staging: { namespace: shop } }
                        """)
                .write("app/page.txt", "page\n")
                .write("deploy/old.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: old }\nspec: {}\n")
                .write(
                        "deploy/data.yaml",
                        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: {}\n")
                .write("deploy/settings.yaml", settings("green", 4))
                .write("deploy/password.yaml", password(OLD))
                .commit("first");
    }

    @Test
    void aPlanIsReadFieldByField() {
        inTarget("release", "staging");
        repository
                .delete("deploy/old.yaml")
                .delete("deploy/data.yaml")
                .write("deploy/settings.yaml", settings("blue", 5))
                .write("deploy/password.yaml", password(NEW))
                .write("deploy/new.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: new }\n")
                .commit("second");
        inTarget("build");

        Run plan = inTarget("plan", "staging", "--exit-code");

        assertThat(plan.exitCode).isEqualTo(8);
        assertThat(plan.out.lines())
                .contains(
                        "create    serviceaccount/new   deploy/new.yaml:1",
                        "configure configmap/settings   deploy/settings.yaml:1",
                        "            data.color: green -> blue",
                        "            data[limits.properties]:",
                        "              - line 4=4",
                        "              + line 4=5",
                        "configure secret/password   deploy/password.yaml:1",
                        "prune     service/old",
                        "stays     persistentvolumeclaim/data",
                        "            losing it would lose data; --prune-data prunes it",
                        "1 to create, 2 to configure, 0 unchanged, 1 to prune");
        assertThat(plan.out).containsPattern("data.password: secret:[0-9a-f]{16} -> secret:[0-9a-f]{16}");
        assertThat(plan.out).doesNotContain("\u001b");
    }

    @Test
    void theJsonDocumentIsComplete() {
        inTarget("build");

        Run plan = inTarget("plan", "staging", "--json");

        Map<?, ?> json = (Map<?, ?>) Json.read(plan.out);
        assertThat(plan.exitCode).isZero();
        assertThat(json.keySet())
                .map(String::valueOf)
                .contains("revision", "seal", "counts", "changes", "retained", "refusals", "bundle", "current");
        assertThat(Tree.at(json, "counts", "created")).isEqualTo(4);
        Object claim = Tree.list(json, "changes").stream()
                .filter(change -> "data".equals(Tree.text(change, "name")))
                .findFirst()
                .orElseThrow();
        assertThat(Tree.text(claim, "operation")).isEqualTo("create");
        assertThat(Tree.text(claim, "place")).isEqualTo("deploy/data.yaml:1");
        assertThat(Tree.text(claim, "namespace")).isEqualTo("shop");
        assertThat(Tree.list(claim, "fields").toString()).contains("metadata", "PersistentVolumeClaim");
    }

    @Test
    void noSecretIsInAnythingThatIsPrinted() throws Exception {
        inTarget("release", "staging");
        repository.write("deploy/password.yaml", password(NEW)).commit("second");
        inTarget("build");
        var printed = new StringBuilder();
        for (List<String> arguments : List.of(
                List.of("plan", "staging"),
                List.of("plan", "staging", "--verbose"),
                List.of("plan", "staging", "--json"),
                List.of("plan", "staging", "--out", "../plan.bundle", "--json"),
                List.of("deploy", "staging", "--plan", "../plan.bundle", "--verbose", "--report", "../report.json"))) {
            Run run = inTarget(arguments.toArray(String[]::new));
            assertThat(run.exitCode).as("%s: %s", arguments, run.err).isZero();
            printed.append(run.out).append(run.err);
        }
        printed.append(Files.readString(temporary.resolve("report.json")));
        for (String secret : List.of(OLD, NEW, "dGlnZXI", "bGlvbmVzc")) {
            assertThat(printed.toString()).doesNotContain(secret);
        }
        assertThat(printed).contains("secret/password");
    }

    @Test
    void verboseShowsWhatIsCreatedAndWhatIsKept() {
        inTarget("build");
        Run created = inTarget("plan", "staging", "--verbose");
        assertThat(created.out.lines()).contains("            kind: PersistentVolumeClaim");
        inTarget("deploy", "staging");

        Run kept = inTarget("plan", "staging", "--verbose");

        assertThat(kept.out.lines()).contains("keep      service/old   deploy/old.yaml:1", "nothing to do");
    }

    @Test
    void aSavedPlanIsDeployedOutsideOfAnyRepository() throws Exception {
        inTarget("build");
        assertThat(inTarget("plan", "staging", "--out", "../plan.bundle").out)
                .contains("saved to " + temporary.resolve("plan.bundle"));
        DirectoryTree.delete(repository.root());
        Path elsewhere = Files.createDirectory(temporary.resolve("cart"));
        assertThat(elsewhere).isEmptyDirectory();

        Run deploy = inTarget("deploy", "staging", "--plan", "../plan.bundle", "--json");

        assertThat(deploy.exitCode).as(deploy.err).isZero();
        assertThat(Tree.at(Json.read(deploy.out), "changes", "created")).isEqualTo(4);
    }

    @Test
    void twoSourcesOfOneDeployAreRefused() {
        inTarget("build");
        inTarget("plan", "staging", "--out", "../plan.bundle");

        for (List<String> more : List.of(
                List.of("--revision", "HEAD"),
                List.of("--repository", "registry.example.com/x"),
                List.of("--take-ownership"))) {
            var arguments = new ArrayList<>(List.of("deploy", "staging", "--plan", "../plan.bundle"));
            arguments.addAll(more);
            Run run = inTarget(arguments.toArray(String[]::new));
            assertThat(run.exitCode).as("%s", more).isEqualTo(2);
            assertThat(run.err).contains(more.get(0));
        }
        assertThat(inTarget("plan", "staging", "--all", "--out", "../plan.bundle").exitCode)
                .isEqualTo(2);
    }

    private static String settings(String color, int fourth) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: settings }
                data:
                  color: %s
                  limits.properties: |
                    line 1=1
                    line 2=2
                    line 3=3
                    line 4=%d
                    line 5=5
                """
                .formatted(color, fourth);
    }

    private static String password(String value) {
        return "apiVersion: v1\nkind: Secret\nmetadata: { name: password }\nstringData: { password: " + value + " }\n";
    }

    private Run inTarget(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--to");
        all.add("dir:" + temporary.resolve("target"));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HOME", temporary.resolve("home").toString()),
                temporary.resolve("cart"),
                false,
                "jane");
        int exitCode = LockstepCommand.run(shell, all.toArray(String[]::new));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private record Run(int exitCode, String out, String err) {}
}
