package io.jenkins.plugins.lockstep.jenkins.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.step.SlowApplication;
import io.jenkins.plugins.lockstep.jenkins.step.TestNamespace;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller that is stopped while a rollback by the button waits for its pods, and started again. */
@EnabledIfEnvironmentVariable(named = SlowApplication.CLUSTER, matches = ".+")
class RestartedRollbackTest {

    private static final String ROLLBACK = "lockstep/rollbacks/1/";

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension().withTimeout(900);

    @Test
    void theRollbackGoesOnUnderItsNumber() throws Throwable {
        try (var namespace = new TestNamespace()) {
            String script = SlowApplication.commit("cart", namespace.name())
                    + """
                    node {
                      commit(31); lockstepBuild(); lockstepDeploy environment: 'staging'
                      commit(2); lockstepBuild(); lockstepDeploy environment: 'staging', allowDiverged: true
                    }
                    """;
            controller.startJenkins();
            controller.runRemotely(RestartedRollbackTest::rollBackUntilThePodsStart, script);
            controller.stopJenkins();
            controller.startJenkins();
            controller.runRemotely(RestartedRollbackTest::theRollbackEndsWell);
        }
    }

    private static void rollBackUntilThePodsStart(JenkinsRule jenkins, String script) throws Exception {
        SlowApplication.configureCluster();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "cart");
        job.setDefinition(new CpsFlowDefinition(script, true));
        jenkins.buildAndAssertSuccess(job);
        try (WebClient client = jenkins.createWebClient()) {
            var request = new WebRequest(
                    new URL(jenkins.getURL(), job.getUrl() + "lockstep/rollback?environment=staging&to=%231"),
                    HttpMethod.POST);
            // A real crumb belongs to the session that asks for it.
            JSONObject crumb = JSONObject.fromObject(client.goTo("crumbIssuer/api/json", "application/json")
                    .getWebResponse()
                    .getContentAsString());
            request.setAdditionalHeader(crumb.getString("crumbRequestField"), crumb.getString("crumb"));
            client.getPage(request);
            await(jenkins, "deployment/cart: configured");
        }
        assertThat(state(jenkins).getString("state")).isEqualTo("running");
    }

    private static void theRollbackEndsWell(JenkinsRule jenkins) throws Exception {
        String log = await(jenkins, "everything is ready");
        assertThat(log.split("deployment/cart: configured", -1)).hasSize(2);
        for (int i = 0; i < 100 && state(jenkins).getString("state").equals("running"); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(state(jenkins).getString("state")).isEqualTo("done");
        assertThat(state(jenkins).getInt("release")).isEqualTo(3);
    }

    private static String await(JenkinsRule jenkins, String text) throws Exception {
        String log = "";
        for (int i = 0; i < 600; i++) {
            try (WebClient client = jenkins.createWebClient()) {
                log = client.goTo("job/cart/" + ROLLBACK + "logText/progressiveText", "text/plain")
                        .getWebResponse()
                        .getContentAsString();
            }
            if (log.contains(text)) {
                return log;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError("'" + text + "' never came: " + log);
    }

    private static JSONObject state(JenkinsRule jenkins) throws Exception {
        return jenkins.getJSON("job/cart/" + ROLLBACK + "api/json").getJSONObject();
    }
}
