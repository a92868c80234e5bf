package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's steps do one after the other, with the engine as it is, into a directory target. */
class OperationStoryTest {

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<Integer> begun = new ArrayList<>();
    private final ReleaseWatch watch = new AwaitedWatch(begun::add);

    @TempDir
    Path machine;

    @Test
    void aJobBuildsDeploysAndRollsBack() throws Exception {
        var repository = GitTestRepository.init(machine.resolve("workspace"));
        String first = ship(repository, "one");

        Map<String, Object> built = run(of(Kind.BUILD));
        assertThat(built).containsEntry("app", "cart").containsEntry("revision", first);
        Map<String, Object> deployed = run(of(Kind.DEPLOY).with("environment", "staging"));
        assertThat(deployed).containsEntry("release", 1).containsEntry("digest", built.get("digest"));

        String second = ship(repository, "two");
        run(of(Kind.BUILD));
        assertThat(run(of(Kind.DEPLOY).with("environment", "staging")))
                .containsEntry("release", 2)
                .containsEntry("revision", second);

        assertThat(run(of(Kind.ROLLBACK).with("environment", "staging")))
                .containsEntry("release", 3)
                .containsEntry("revision", first)
                .containsEntry("digest", built.get("digest"));
        assertThat(begun).containsExactly(1, 2, 3);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains(first).contains(second);
    }

    @Test
    void aDeployOfAnEnvironmentThatIsMisspeltNamesTheRightOne() throws Exception {
        ship(GitTestRepository.init(machine.resolve("workspace")), "one");

        assertThatThrownBy(() -> run(of(Kind.DEPLOY).with("environment", "stagin")))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("'stagin'")
                .hasMessageContaining("lockstep.yaml")
                .hasMessageContaining("staging");
    }

    private static String ship(GitTestRepository repository, String content) {
        return repository
                .write(
                        "shop/lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: registry.example.com/shop/cart
                          base: scratch
                          layers:
                            - { from: page.txt, to: /page.txt, mode: "0755" }
                          entrypoint: [/page.txt]
                        environments:
                          staging: { config: config, namespace: shop }
                        """)
                .write("shop/page.txt", content)
                .write("shop/config/greeting.txt", content)
                .commit(content);
    }

    private static Operation of(Kind kind) {
        return Operation.of(kind).with("directory", "shop").with("target", "dir:../../out");
    }

    private Map<String, Object> run(Operation operation) throws Exception {
        TaskListener listener = () -> new PrintStream(log, true, StandardCharsets.UTF_8);
        Outcome outcome = new AgentOperation(
                        operation, RunContexts.of("ada", new Build(), new EnvVars()), Map.of(), listener, watch, null)
                .in(new FilePath(machine.resolve("workspace").toFile()));
        if (!outcome.problem().isEmpty()) {
            throw StepFailures.translate(outcome.problem());
        }
        return outcome.result();
    }
}
