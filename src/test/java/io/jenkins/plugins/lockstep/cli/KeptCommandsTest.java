package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What a user types and reads of {@code rollback --check}, {@code gc} and {@code keep}, on a directory target. */
class KeptCommandsTest {

    @TempDir
    Path temporary;

    private final List<String> revisions = new ArrayList<>();
    private GitTestRepository repository;

    @BeforeEach
    void releaseTwice() {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        repository.write(
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
                """);
        for (String page : List.of("first", "second")) {
            revisions.add(repository
                    .write("app/page.txt", page)
                    .write("config/page.txt", page)
                    .commit(page));
            assertThat(run("release", "staging").exitCode()).isZero();
        }
    }

    @Test
    void aCheckListsTargetsAndEndsWithEightWhereTheNamedOneIsBlocked() throws Exception {
        Run ready = run("rollback", "staging", "--check");
        assertThat(ready.exitCode()).isZero();
        assertThat(ready.out()).contains("#1", revisions.get(0).substring(0, 12), "ready");
        assertThat(run("rollback", "staging", "--check", "--to", "#1").exitCode())
                .isZero();

        Path index = temporary.resolve("target/images/index.json");
        Files.writeString(index, Files.readString(index).replace(":" + revisions.get(0), ":gone"));
        Path blobs = temporary.resolve("target/images/blobs/sha256");
        Object entry = Json.read(Files.readString(temporary.resolve("target/ledger/cart/staging/1.json")));
        String digest = Tree.text(entry, "release", "digest");
        Files.delete(blobs.resolve(digest.substring("sha256:".length())));

        Run blocked = run("rollback", "staging", "--check", "--to", "#1", "--json");
        assertThat(blocked.exitCode()).isEqualTo(8);
        Object target = Tree.list(blocked.json(), "targets").get(0);
        assertThat(Tree.at(target, "ready")).isEqualTo(false);
        assertThat(Tree.list(target, "reasons")).hasSize(1);
        assertThat(Tree.text(blocked.json(), "current", "revision")).isEqualTo(revisions.get(1));
        assertThat(run("rollback", "staging", "--check").exitCode())
                .as("only of a named one is that the question")
                .isZero();
        assertThat(run("rollback", "staging", "--all").exitCode()).isEqualTo(2);
    }

    @Test
    void aReleaseIsPinnedByItsNumberWithOrWithoutTheSign() {
        assertThat(run("keep", "staging", "1").out()).contains("release 1 ", "is pinned");
        assertThat(run("history", "staging").out()).contains("written, pinned");
        assertThat(Tree.list(run("history", "staging", "--json").json(), "releases"))
                .extracting(release -> Tree.at(release, "pinned"))
                .containsExactly(false, true);
        assertThat(run("keep", "staging", "#1", "--undo").out()).contains("is not pinned");
        assertThat(run("keep", "staging", "3").exitCode()).isEqualTo(2);
        assertThat(run("keep", "staging", "one").exitCode()).isEqualTo(2);
        assertThat(run("keep", "staging", "0").err())
                .contains(
                        "'0' is no release number",
                        "write a number, for example 7: lockstep history staging lists them");
    }

    @Test
    void aCleanUpExplainsEachDecision() {
        Run dry = run("gc", "--dry-run", "--registry");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.out())
                .contains("keep    payload   staging #2: it runs")
                .contains("payload: 2 kept, 0 to delete")
                .contains("image: 2 kept, 0 to delete");
        Map<?, ?> json = run("gc", "staging", "--json").json();
        assertThat(json.get("dryRun")).isEqualTo(false);
        assertThat(Tree.integer(json, "deleted")).isZero();
        assertThat(Tree.integer(json, "kept"))
                .isEqualTo(Tree.list(json, "decisions").size());
        assertThat(run("gc", "--unreleased").exitCode()).isEqualTo(2);
        assertThat(run("gc", "staging", "--registry").exitCode()).isEqualTo(2);
    }

    private Run run(String... arguments) {
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

    private record Run(int exitCode, String out, String err) {

        Map<?, ?> json() {
            return (Map<?, ?>) Json.read(out);
        }
    }
}
