package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.slaves.DumbSlave;
import hudson.tasks.Shell;
import io.jenkins.plugins.lockstep.jenkins.builder.LockstepBuilder;
import io.jenkins.plugins.lockstep.jenkins.run.BuiltRecord;
import io.jenkins.plugins.lockstep.jenkins.run.KeptBundle;
import io.jenkins.plugins.lockstep.jenkins.run.LockstepRunAction;
import io.jenkins.plugins.lockstep.jenkins.run.ReleaseRecord;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The steps in a real controller and on a real agent, with the engine as it is, into a directory target. */
@WithJenkins
class StepsTest {

    /** Makes a repository with two revisions of an application in the workspace. */
    private static final String REPOSITORY =
            """
            def ship(text) {
              writeFile file: 'lockstep.yaml', text: \"\"\"apiVersion: lockstep/v1
            app: cart
            image:
              repository: registry.example.com/shop/cart
              base: scratch
              layers:
                - { from: page.txt, to: /page.txt, mode: "0755" }
              entrypoint: [/page.txt]
            environments:
              staging: { config: config, namespace: shop }
            \"\"\"
              writeFile file: 'page.txt', text: text
              writeFile file: 'config/greeting.txt', text: text
              sh 'git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m change'
            }
            """;

    private JenkinsRule jenkins;

    @BeforeEach
    void start(JenkinsRule rule) {
        jenkins = rule;
    }

    @Test
    void everyStepRunsInAScriptedPipelineOnAnAgent() throws Exception {
        DumbSlave agent = jenkins.createOnlineSlave();
        WorkflowRun run = jenkins.buildAndAssertSuccess(scripted(REPOSITORY
                + """
                        node('%s') {
                          ship 'one'
                          def at = [target: 'dir:../out', environment: 'staging']
                          def built = lockstepBuild target: at.target
                          assert built.digest.startsWith('sha256:') && !built.images[0].reused
                          assert built.seconds instanceof Long
                          assert lockstepPlan(at).hasChanges
                          assert lockstepConfig(at).created
                          def first = lockstepDeploy(at)
                          assert first.release == 1 && first.digest == built.digest && first.verdict.code == 'written'
                          assert lockstepDeploy(at).release == 1
                          assert lockstepVerify(at).intact
                          ship 'two'
                          def second = lockstepRelease(at)
                          assert second.release == 2 && second.revision != first.revision
                          def check = lockstepRollback(at + [check: true])
                          assert check.targets.size() == 1 && check.targets[0].ready
                          assert lockstepRollback(at).revision == first.revision
                          assert lockstepHistory(at).releases*.number == [3, 2, 1]
                          assert lockstepStatus(target: at.target).environments[0].environment == 'staging'
                          assert lockstepHold(at + [lift: true]).lifted.size() == 1
                          assert lockstepKeep(at + [release: 1]).release.pinned
                          assert lockstepCollect(target: at.target, dryRun: true).app == 'cart'
                        }
                        """
                        .formatted(agent.getNodeName())));

        LockstepRunAction action = LockstepRunAction.find(run).orElseThrow();
        assertThat(action.getBuilt()).extracting(BuiltRecord::getApp).containsExactly("cart", "cart");
        assertThat(action.getReleases())
                .extracting(ReleaseRecord::getOperation, ReleaseRecord::getNumber, ReleaseRecord::isUnchanged)
                .containsExactly(
                        tuple("deploy", 1, false),
                        tuple("deploy", 1, true),
                        tuple("release", 2, false),
                        tuple("rollback", 3, false));
        assertThat(action.getReleases()).allMatch(ReleaseRecord::isGood);
        assertThat(KeptBundle.of(run)).extracting(KeptBundle::app).containsExactly("cart");
        assertThat(KeptBundle.of(run).get(0).environments()).containsExactly("staging");

        jenkins.jenkins.reload();
        Run<?, ?> loaded =
                jenkins.jenkins.getItemByFullName("scripted", WorkflowJob.class).getLastBuild();
        assertThat(LockstepRunAction.find(loaded).orElseThrow().getReleases())
                .usingRecursiveComparison()
                .isEqualTo(action.getReleases());
    }

    @Test
    void everyStepRunsInADeclarativePipeline() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(
                scripted(
                        REPOSITORY
                                + """
                        pipeline {
                          agent any
                          stages {
                            stage('Image') { steps { script { ship 'one' }; lockstepBuild target: 'dir:out' } }
                            stage('Plan') { steps {
                              lockstepConfig environment: 'staging', target: 'dir:out'
                              lockstepPlan environment: 'staging', target: 'dir:out'
                            } }
                            stage('Staging') { steps {
                              lockstepDeploy environment: 'staging', target: 'dir:out', timeout: '5m', onFailure: 'keep'
                              lockstepRelease environment: 'staging', target: 'dir:out'
                              lockstepVerify environment: 'staging', target: 'dir:out'
                            } }
                            stage('After') { steps {
                              lockstepHistory environment: 'staging', target: 'dir:out'
                              lockstepStatus target: 'dir:out'
                              lockstepRollback environment: 'staging', target: 'dir:out', check: true
                              lockstepHold environment: 'staging', target: 'dir:out', reason: 'moving'
                              lockstepKeep environment: 'staging', release: 1, target: 'dir:out'
                              lockstepCollect target: 'dir:out', dryRun: true
                            } }
                          }
                        }
                        """));

        assertThat(LockstepRunAction.find(run).orElseThrow().getReleases())
                .extracting(ReleaseRecord::getNumber)
                .containsExactly(1, 1);
    }

    @Test
    void aRefusalIsTheBuildsFailureAndIsRecorded() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(
                Result.FAILURE,
                scripted(REPOSITORY + "node { ship 'one'; lockstepDeploy environment: 'stagin', target: 'dir:out' }"));

        jenkins.assertLogContains("'stagin'", run);
        jenkins.assertLogContains("hint: did you mean 'staging'?", run);
        jenkins.assertLogNotContains("DeliveryException", run);
        ReleaseRecord record =
                LockstepRunAction.find(run).orElseThrow().getReleases().get(0);
        assertThat(record.getCode()).isEqualTo("bad-usage");
        assertThat(record.getNumber()).isNull();
        assertThat(record.isRunning()).isFalse();
    }

    @Test
    void outsideOfANodeNothingOfTheControllersOwnIsUsed() throws Exception {
        WorkflowRun run =
                jenkins.buildAndAssertStatus(Result.FAILURE, scripted("lockstepDeploy environment: 'staging'"));
        jenkins.assertLogContains("no cluster is configured for this job", run);

        WorkflowRun build = jenkins.buildAndAssertStatus(Result.FAILURE, scripted("lockstepBuild()"));
        jenkins.assertLogContains("Required context class hudson.FilePath is missing", build);
    }

    @Test
    void aFreestyleJobHandsItsResultToLaterSteps() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject("freestyle");
        project.getBuildersList()
                .add(
                        new Shell(
                                """
                        printf 'apiVersion: lockstep/v1\\napp: cart\\nimage:\\n  repository: r.example.com/cart\\n  base: scratch\\n  layers:\\n    - { from: page.txt, to: /page.txt, mode: \"0755\" }\\n  entrypoint: [/page.txt]\\nenvironments:\\n  staging: { namespace: shop }\\n' > lockstep.yaml
                        echo one > page.txt
                        git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m change
                        """));
        var build = new BuildImageStep();
        build.setTarget("dir:../$JOB_NAME-out");
        var deploy = new DeployStep("$STAGE");
        deploy.setTarget("dir:../$JOB_NAME-out");
        deploy.setRevision("$LOCKSTEP_REVISION");
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("STAGE", "staging")));
        project.getBuildersList().add(new LockstepBuilder(build));
        project.getBuildersList().add(new LockstepBuilder(deploy));
        project.getBuildersList()
                .add(new Shell("echo \"image=$LOCKSTEP_IMAGE digest=$LOCKSTEP_DIGEST release=$LOCKSTEP_RELEASE\""));

        FreeStyleBuild run = jenkins.buildAndAssertSuccess(project);

        BuiltRecord built = LockstepRunAction.find(run).orElseThrow().getBuilt().get(0);
        String image = built.getImages().get(0).getImage();
        jenkins.assertLogContains(
                "image=" + image + " digest=" + built.getImages().get(0).getDigest() + " release=1", run);
    }

    @Test
    void formsAndSnippetsKeepWhatIsTyped() throws Exception {
        var deploy = new DeployStep("production");
        deploy.setRevision("4f2c9ab");
        deploy.setTimeout("5m");
        deploy.setOnFailure("keep");
        deploy.setGraces("exits=5");
        deploy.setAllowOlder(true);
        deploy.setJob("cart/main");
        var keep = new KeepStep("production", 7);
        for (OperationStep step : List.of(
                new BuildImageStep(),
                deploy,
                keep,
                new RollbackStep("staging"),
                new PlanStep("staging"),
                new ReleaseStep("staging"),
                new ConfigStep("staging"),
                new HistoryStep("staging"),
                new StatusStep(),
                new VerifyStep("staging"),
                new HoldStep("staging"),
                new CollectStep())) {
            FreeStyleProject project = jenkins.createFreeStyleProject();
            project.getBuildersList().add(new LockstepBuilder(step));
            jenkins.configRoundtrip(project);
            jenkins.assertEqualDataBoundBeans(
                    step, project.getBuildersList().get(LockstepBuilder.class).getOperation());
        }

        var snippets = new SnippetizerTester(jenkins);
        snippets.assertRoundTrip(new BuildImageStep(), "lockstepBuild()");
        snippets.assertRoundTrip(new StatusStep(), "lockstepStatus()");
        snippets.assertRoundTrip(new DeployStep("staging"), "lockstepDeploy 'staging'");
        snippets.assertRoundTrip(keep, "lockstepKeep environment: 'production', release: 7");
        var back = new RollbackStep("staging");
        back.setTo("previous");
        snippets.assertRoundTrip(back, "lockstepRollback 'staging'");
    }

    private WorkflowJob scripted(String script) throws Exception {
        String name = jenkins.jenkins.getItem("scripted") == null ? "scripted" : "scripted-again";
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }
}
