package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.lockstep.jenkins.run.LockstepRunAction;
import io.jenkins.plugins.lockstep.jenkins.run.ReleaseRecord;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Releases to a real cluster that do not come to their end by themselves. */
@WithJenkins
@EnabledIfEnvironmentVariable(named = SlowApplication.CLUSTER, matches = ".+")
class StoppedReleasesTest {

    private static final String NEVER_READY = "100000";

    /** Three builds side by side, for each waits for pods. */
    @Test
    void whatStopsAReleaseIsRecordedAndCanBeRetried(JenkinsRule jenkins) throws Exception {
        SlowApplication.configureCluster();
        DumbSlave agent = jenkins.createOnlineSlave();
        try (var namespace = new TestNamespace()) {
            WorkflowRun timed = start(
                    jenkins,
                    "timed",
                    namespace,
                    """
                    node('built-in') { commit(%s); lockstepBuild() }
                    try {
                      timeout(time: 15, unit: 'SECONDS') { lockstepDeploy environment: 'staging' }
                      error 'the time is never up'
                    } catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) {
                      def newest = lockstepHistory(environment: 'staging').releases[0]
                      assert newest.number == 1 && newest.verdict.code == 'interrupted'
                    }
                    """
                            .formatted(NEVER_READY));
            WorkflowRun aborted = start(
                    jenkins,
                    "aborted",
                    namespace,
                    """
                    node('built-in') {
                      commit(%s)
                      lockstepBuild()
                      lockstepDeploy environment: 'staging', kubeconfig: '%s'
                    }
                    """
                            .formatted(NEVER_READY, System.getenv(SlowApplication.CLUSTER)));
            WorkflowRun cut = start(
                    jenkins,
                    "cut",
                    namespace,
                    """
                    retry(count: 2, conditions: [agent()]) {
                      node('%s') {
                        commit(30)
                        lockstepRelease environment: 'staging', kubeconfig: '%s', timeout: '5m'
                      }
                    }
                    """
                            .formatted(agent.getNodeName(), System.getenv(SlowApplication.CLUSTER)));

            jenkins.waitForMessage("deployment/cut: created", cut);
            agent.toComputer().disconnect(null).get();
            agent.toComputer().connect(true).get();
            jenkins.waitForMessage("deployment/aborted: created", aborted);
            aborted.getExecutor().interrupt();

            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(aborted));
            ReleaseRecord record = onlyRelease(aborted);
            assertThat(record.getCode()).isEqualTo("interrupted");
            assertThat(record.getNumber()).isEqualTo(1);

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(timed));
            assertThat(onlyRelease(timed).getCode()).isEqualTo("interrupted");

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(cut));
            var releases = LockstepRunAction.find(cut).orElseThrow().getReleases();
            assertThat(releases).extracting(ReleaseRecord::isGood).containsExactly(false, true);
            assertThat(releases.get(0).isRunning()).isFalse();
        }
    }

    private static ReleaseRecord onlyRelease(WorkflowRun run) {
        assertThat(LockstepRunAction.find(run).orElseThrow().getReleases()).hasSize(1);
        return LockstepRunAction.find(run).orElseThrow().getReleases().get(0);
    }

    private static WorkflowRun start(JenkinsRule jenkins, String app, TestNamespace namespace, String script)
            throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, app);
        job.setDefinition(new CpsFlowDefinition(SlowApplication.commit(app, namespace.name()) + script, false));
        return job.scheduleBuild2(0).waitForStart();
    }
}
