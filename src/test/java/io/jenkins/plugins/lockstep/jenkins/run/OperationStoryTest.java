package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Cause;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's steps do one after the other, with the engine as it is, into a directory target. */
class OperationStoryTest {

    private static final ProjectArguments PROJECT = new ProjectArguments("shop", null, null, null);
    private static final TargetArguments OUT = new TargetArguments("dir:../../out", null, null, null);
    private static final RolloutArguments AS_USUAL =
            new RolloutArguments(null, null, null, false, false, false, false, false, null);

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @TempDir
    Path machine;

    @Test
    void aJobBuildsDeploysAndRollsBack() throws Exception {
        var repository = GitTestRepository.init(machine.resolve("workspace"));
        String first = ship(repository, "one");

        Map<String, Object> built = run(new Operation.Build(PROJECT, OUT));
        assertThat(built).containsEntry("app", "cart").containsEntry("revision", first);
        Map<String, Object> deployed = run(new Operation.Deploy(PROJECT, "staging", OUT, AS_USUAL));
        assertThat(deployed).containsEntry("release", 1).containsEntry("digest", built.get("digest"));

        String second = ship(repository, "two");
        run(new Operation.Build(PROJECT, OUT));
        assertThat(run(new Operation.Deploy(PROJECT, "staging", OUT, AS_USUAL)))
                .containsEntry("release", 2)
                .containsEntry("revision", second);

        assertThat(run(new Operation.Rollback(PROJECT, "staging", null, OUT, AS_USUAL)))
                .containsEntry("release", 3)
                .containsEntry("revision", first)
                .containsEntry("digest", built.get("digest"));
        assertThat(log.toString(StandardCharsets.UTF_8)).contains(first).contains(second);
    }

    @Test
    void aDeployOfAnEnvironmentThatIsMisspeltNamesTheRightOne() throws Exception {
        ship(GitTestRepository.init(machine.resolve("workspace")), "one");

        assertThatThrownBy(() -> run(new Operation.Deploy(PROJECT, "stagin", OUT, AS_USUAL)))
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

    private Map<String, Object> run(Operation operation) throws Exception {
        TaskListener listener = () -> new PrintStream(log, true, StandardCharsets.UTF_8);
        var build = RunContext.of(new Build(new Cause.UserIdCause("ada")), new EnvVars());
        return new AgentOperation(operation, build, listener)
                .runIn(new FilePath(machine.resolve("workspace").toFile()));
    }
}
