package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.run.LockstepRunAction;
import io.jenkins.plugins.lockstep.jenkins.run.ReleaseRecord;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller that is stopped while a release waits for its pods, and started again. */
@EnabledIfEnvironmentVariable(named = SlowApplication.CLUSTER, matches = ".+")
class RestartedControllerTest {

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension().withTimeout(900);

    @Test
    void theReleaseGoesOnUnderItsNumberAndNothingIsAppliedTwice() throws Throwable {
        try (var namespace = new TestNamespace()) {
            String script = SlowApplication.commit("cart", namespace.name())
                    + """
                    node { commit(40); lockstepBuild() }
                    def deployed = lockstepDeploy environment: 'staging'
                    assert deployed.release == 1 && deployed.verdict.code == 'running'
                    def history = lockstepHistory environment: 'staging'
                    assert history.releases*.number == [1]
                    assert history.releases[0].verdict.code == 'running'
                    """;
            controller.startJenkins();
            controller.runRemotely(RestartedControllerTest::releaseUntilThePodsStart, script);
            controller.stopJenkins();
            controller.startJenkins();
            controller.runRemotely(RestartedControllerTest::theReleaseEndsWell);
        }
    }

    private static void releaseUntilThePodsStart(JenkinsRule jenkins, String script) throws Exception {
        SlowApplication.configureCluster();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "cart");
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("deployment/cart: created", run);
    }

    private static void theReleaseEndsWell(JenkinsRule jenkins) throws Exception {
        WorkflowRun run =
                jenkins.jenkins.getItemByFullName("cart", WorkflowJob.class).getLastBuild();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("before Jenkins was restarted", run);
        // Only the first attempt changed anything.
        assertThat(JenkinsRule.getLog(run).split("deployment/cart: created", -1))
                .hasSize(2);
        ReleaseRecord record =
                LockstepRunAction.find(run).orElseThrow().getReleases().get(0);
        assertThat(record.getNumber()).isEqualTo(1);
        assertThat(record.isGood()).isTrue();
    }
}
