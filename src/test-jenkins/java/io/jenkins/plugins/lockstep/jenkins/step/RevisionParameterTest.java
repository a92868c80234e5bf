package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.ParameterDefinition;
import hudson.model.ParametersDefinitionProperty;
import io.jenkins.plugins.lockstep.jenkins.parameter.LockstepRevisionParameterDefinition;
import io.jenkins.plugins.lockstep.jenkins.parameter.LockstepRevisionParameterValue;
import io.jenkins.plugins.lockstep.jenkins.run.KeptBundle;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlOption;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The parameter in a real controller, with revisions that another job has really built. */
@WithJenkins
class RevisionParameterTest {

    @Test
    void itOffersWhatWasBuiltAndRefusesAnythingElse(JenkinsRule jenkins) throws Exception {
        WorkflowJob building = job(
                jenkins,
                "cart",
                """
                node {
                  writeFile file: 'lockstep.yaml', text: '''apiVersion: lockstep/v1
                app: cart
                image:
                  repository: registry.example.com/shop/cart
                  base: scratch
                  layers:
                    - { from: page.txt, to: /page.txt, mode: "0755" }
                  entrypoint: [/page.txt]
                environments:
                  staging: { namespace: shop }
                '''
                  writeFile file: 'page.txt', text: env.BUILD_NUMBER
                  sh 'git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m change'
                  lockstepBuild target: 'dir:out'
                }
                """);
        String first = revision(jenkins.buildAndAssertSuccess(building));
        String second = revision(jenkins.buildAndAssertSuccess(building));
        WorkflowJob deploying = job(jenkins, "deploy", "echo \"chosen ${params.REVISION}\"");
        var definition = new LockstepRevisionParameterDefinition("REVISION");
        definition.setJob("cart");
        deploying.addProperty(new ParametersDefinitionProperty(definition));

        jenkins.assertLogContains("chosen " + second, jenkins.buildAndAssertSuccess(deploying));

        ParameterDefinition defined =
                deploying.getProperty(ParametersDefinitionProperty.class).getParameterDefinition("REVISION");
        var chosen = (LockstepRevisionParameterValue)
                ((LockstepRevisionParameterDefinition) defined).createValue(first.substring(0, 9));
        assertThat(chosen.value).isEqualTo(first);
        assertThatThrownBy(() -> ((LockstepRevisionParameterDefinition) defined).createValue("main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'main' is no revision that can be deployed");

        try (JenkinsRule.WebClient browser = jenkins.createWebClient()) {
            browser.getOptions().setThrowExceptionOnFailingStatusCode(false);
            HtmlPage page = browser.getPage(deploying, "build");
            HtmlForm form = page.getFormByName("parameters");
            assertThat(form.getSelectByName("value").getOptions())
                    .extracting(HtmlOption::getValueAttribute)
                    .containsExactly(second, first);
            form.getSelectByName("value").setSelectedAttribute(first, true);
            jenkins.submit(form);
        }
        jenkins.waitUntilNoActivity();
        jenkins.assertLogContains("chosen " + first, deploying.getLastBuild());

        jenkins.configRoundtrip(deploying);
        jenkins.assertEqualDataBoundBeans(
                definition,
                deploying.getProperty(ParametersDefinitionProperty.class).getParameterDefinition("REVISION"));
    }

    private static String revision(WorkflowRun run) {
        return KeptBundle.of(run).get(0).revision();
    }

    private static WorkflowJob job(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }
}
