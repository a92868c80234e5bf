package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.TaskListener;
import hudson.remoting.ProxyException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.Allowance;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentOperationTest {

    /** A controller's listener crosses to the agent too; what this one hears stays in this process. */
    private static final class Log implements TaskListener {

        private static final long serialVersionUID = 1L;

        static final ByteArrayOutputStream HEARD = new ByteArrayOutputStream();

        @Override
        public PrintStream getLogger() {
            return new PrintStream(HEARD, true, StandardCharsets.UTF_8);
        }
    }

    private static final Operation DEPLOY = Operation.of(Operation.Kind.DEPLOY)
            .with("directory", "cart")
            .with("environment", "staging")
            .with("target", "dir:out")
            .with("onFailure", "keep")
            .with("pruneData", true);

    /** What hears of the release crosses as a proxy; this one crosses as it is. */
    private static final class Deaf implements ReleaseWatch, Serializable {

        private static final long serialVersionUID = 1L;

        @Override
        public void began(int number) {}

        @Override
        public void ended() {}
    }

    @TempDir
    Path workspace;

    @AfterEach
    void forget() {
        Log.HEARD.reset();
    }

    @Test
    void whatAnAgentGetsIsWhatWasConfigured() throws Exception {
        var variables = new EnvVars();
        variables.put("KUBECONFIG", "/agent/secretFiles/kube.conf");

        var arrived = overTheWire(operation(variables));

        assertThat(arrived).usingRecursiveComparison().isEqualTo(operation(variables));
    }

    @Test
    void noVariableOfTheBuildGoesToTheAgentButThoseThatNameFiles() throws Exception {
        var variables = new EnvVars();
        variables.put("KUBECONFIG", "/agent/secretFiles/kube.conf");
        variables.put("DOCKER_CONFIG", "/agent/docker");
        variables.put("REGISTRY_PASSWORD", "hunter2");

        assertThat(new String(bytes(operation(variables)), StandardCharsets.ISO_8859_1))
                .contains("/agent/secretFiles/kube.conf")
                .contains("/agent/docker")
                .doesNotContain("hunter2")
                .doesNotContain("REGISTRY_PASSWORD");
    }

    @Test
    void theAgentsOwnVariablesGiveWayToTheBuilds() throws IOException {
        var variables = new EnvVars();
        variables.put("KUBECONFIG", "/agent/secretFiles/kube.conf");

        assertThat(RunContexts.of("ada", new Build(), variables).variables())
                .containsEntry("KUBECONFIG", "/agent/secretFiles/kube.conf")
                .containsEntry("PATH", System.getenv("PATH"));
    }

    @Test
    void whoAsksReleases() throws IOException {
        assertThat(RunContexts.of("ada", new Build(), new EnvVars()).actor())
                .hasToString("Actor[name=ada, build=shop/cart#12]");
    }

    @Test
    void theEnginesRefusalComesBackAsTexts() throws Exception {
        Outcome outcome = operation(new EnvVars()).in(new FilePath(workspace.toFile()));

        assertThat(outcome.result()).isEmpty();
        assertThat(outcome.problem()).containsKeys("code", "what", "where", "why", "hint");
        assertThat(StepFailures.translate(outcome.problem()))
                .isInstanceOf(AbortException.class)
                .hasNoCause()
                .hasMessageContaining("hint: ");
    }

    @Test
    void aDefectAsksToBeReportedAndKeepsItsStackTrace() {
        assertThatThrownBy(() -> operation(new EnvVars()).in(new FilePath(new File("a\0b"))))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("InvalidPathException");
        assertThat(Log.HEARD.toString(StandardCharsets.UTF_8)).contains("defect in Lockstep");
    }

    @Test
    void passwordsAndTokensAreNotInWhatIsPrintedOfIt() throws Exception {
        var cluster = new ClusterAccess(
                "prod", new ClusterAccess.Server.Api("https://10.0.0.1", null, "hunter3"), null, Allowance.ANY);
        var clusters = new AgentClusters(Map.of("prod", cluster));

        assertThat(clusters.toString()).contains("prod").doesNotContain("hunter3");
        assertThat(clusters.find("prod")).isEqualTo(cluster);
        assertThatThrownBy(() -> clusters.find("staging"))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("'staging'");
    }

    @Test
    void progressIsPlainLinesInTheBuildLog() {
        var progress = new BuildLogProgress(new Log());
        progress.step("release 3 of revision 4f2c9ab");
        progress.warn("no lockstep.lock");
        progress.warn("no lockstep.lock");
        progress.detail("only for the curious");
        progress.advance("push", 0.5);

        assertThat(Log.HEARD.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("release 3 of revision 4f2c9ab", "warning: no lockstep.lock");
    }

    private static AgentOperation operation(EnvVars variables) throws IOException {
        return new AgentOperation(
                DEPLOY,
                RunContexts.of("ada", new Build(), variables),
                Map.of("registry.example.com", new RegistryLogin("robot", "hunter4")),
                new Log(),
                new Deaf(),
                new EngineOperation.Resumed(3, Set.of(1)));
    }

    private static byte[] bytes(AgentOperation operation) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(operation);
        }
        return bytes.toByteArray();
    }

    private static AgentOperation overTheWire(AgentOperation operation) throws Exception {
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes(operation)))) {
            return (AgentOperation) in.readObject();
        }
    }
}
