package io.jenkins.plugins.lockstep.jenkins.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.cli.CLICommandInvoker;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.tasks.Shell;
import io.jenkins.plugins.lockstep.jenkins.builder.LockstepBuilder;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepFolderProperty;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepPermissions;
import io.jenkins.plugins.lockstep.jenkins.step.BuildImageStep;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pages in a real controller: what they show, to whom, and what they leave alone. */
@WithJenkins
class ReleaseBoardJenkinsTest {

    private final CountedOperations operations = new CountedOperations();

    private JenkinsRule jenkins;
    private FreeStyleProject job;

    @BeforeEach
    void open(JenkinsRule rule) throws Exception {
        jenkins = rule;
        ExtensionList.lookup(JobOperations.class).add(0, operations);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "operator")
                .grant(LockstepPermissions.ROLLBACK)
                .everywhere()
                .to("operator")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        job = jenkins.createProject(Folder.class, "shop").createProject(FreeStyleProject.class, "cart");
    }

    @Test
    void aJobWithoutAnythingOfLockstepHasNoBoard() throws Exception {
        HtmlPage page = as("admin").getPage(job);

        assertThat(page.asNormalizedText()).doesNotContain("Release board");
        assertThat(status(as("admin"), job.getUrl() + "lockstep/")).isEqualTo(404);
        assertThat(as("admin")
                        .getPage(jenkins.jenkins.getItem("shop"))
                        .getWebResponse()
                        .getContentAsString())
                .doesNotContain("Release board");
    }

    @Test
    void aBuildThatKeepsABundleGivesItsJobABoardAndSaysWhatItBuilt() throws Exception {
        job.getBuildersList()
                .add(
                        new Shell(
                                """
                cat > lockstep.yaml <<'END'
                apiVersion: lockstep/v1
                app: cart
                image:
                  repository: registry.example.com/cart
                  base: scratch
                  layers:
                    - { from: page.txt, to: /page.txt, mode: "0755" }
                  entrypoint: [/page.txt]
                environments:
                  production: { namespace: shop, after: staging }
                  staging: { namespace: shop }
                END
                echo one > page.txt
                git init -q . && git add -A
                git -c user.name=Ada -c user.email=ada@example.com commit -q -m 'Sell <b>bread</b>'
                """));
        var build = new BuildImageStep();
        build.setTarget("dir:../out");
        job.getBuildersList().add(new LockstepBuilder(build));

        FreeStyleBuild run = jenkins.buildAndAssertSuccess(job);
        await(() -> Boards.get().has(job) && operations.asked.size() >= 2);

        String text = as("reader").getPage(job, "lockstep/").asNormalizedText();
        assertThat(text).contains("Newest build:", "Sell <b>bread</b>", "shop/cart#1", "nobody has looked yet");
        assertThat(text.indexOf("staging")).isLessThan(text.indexOf("production"));
        assertThat(text).contains("nothing runs in staging", "The newest look failed");
        HtmlPage summary = as("reader").getPage(run);
        assertThat(summary.asNormalizedText()).contains("cart", "registry.example.com/cart");
        assertThat(summary.getAnchors())
                .anyMatch(link -> link.getHrefAttribute().endsWith("cart/1/changes"));
    }

    @Test
    void theBoardShowsWhatRunsWhereAndWhatWouldShip() throws Exception {
        SeededBoard.seed(job, Instant.now().minus(Duration.ofMinutes(3)));

        HtmlPage page = as("reader").getPage(job, "lockstep/");
        String text = page.asNormalizedText();

        assertThat(as("reader").getPage(job).asNormalizedText()).contains("Release board");
        assertThat(text.indexOf("staging")).isLessThan(text.indexOf("production"));
        assertThat(text)
                .contains(SeededBoard.SECOND.substring(0, 12), SeededBoard.FIRST.substring(0, 12))
                .contains("Count the loaves", "Sell bread")
                .contains("degraded, 1 of 2 pods ready", "ready, 3 of 3 pods ready")
                .contains("held by grace 2 hours ago")
                .contains("1 commit", "from the newest build", "from staging")
                .contains("1 object differs")
                .contains("as of 3 minutes ago");
    }

    @Test
    void noPageAsksAClusterInARequest() throws Exception {
        SeededBoard.seed(job);
        WebClient reader = as("reader");

        for (String page : new String[] {
            "",
            "rollbacks/",
            "api/json",
            "app/cart/",
            "app/cart/environment/staging/",
            "app/cart/environment/staging/release/1/"
        }) {
            reader.goTo(job.getUrl() + "lockstep/" + page, null);
        }
        reader.goTo("job/shop/lockstep/");

        assertThat(operations.asked).isEmpty();
    }

    @Test
    void aBoardThatIsSeenIsRefreshedBesideTheRequestAndAFailureIsToldWithItsAge() throws Exception {
        SeededBoard.seed(job, Instant.now().minus(Duration.ofMinutes(30)));

        as("reader").getPage(job, "lockstep/");
        await(() -> operations.asked.size() == 2 && !BoardRefresh.get().isLooking(job));
        HtmlPage page = as("reader").getPage(job, "lockstep/");

        assertThat(operations.asked).containsExactly("status", "status");
        assertThat(operations.threads).containsOnly("Lockstep: release boards");
        assertThat(page.asNormalizedText())
                .contains("as of 30 minutes ago", "The newest look failed, just now", "degraded, 1 of 2 pods ready");
        assertThat(page.getWebResponse().getContentAsString()).contains("https://cluster.example.com");
    }

    @Test
    void hostileTextsStayTexts() throws Exception {
        SeededBoard.seed(job);
        WebClient reader = as("reader");

        for (String page : new String[] {
            "",
            "app/cart/environment/staging/",
            "app/cart/environment/staging/release/3/",
            "app/cart/environment/production/"
        }) {
            HtmlPage shown = reader.getPage(job, "lockstep/" + page);
            assertThat(shown.getTitleText()).doesNotContain("owned");
            assertThat(shown.getWebResponse().getContentAsString())
                    .contains("&lt;script>document")
                    .doesNotContain("<script>document");
        }
        HtmlPage folder = reader.goTo("job/shop/lockstep/");
        assertThat(folder.getWebResponse().getContentAsString())
                .contains("&lt;script>document")
                .doesNotContain("<script>document");
    }

    @Test
    void onlyWhoMayRollBackSeesTheButtonAndMayPressIt() throws Exception {
        SeededBoard.seed(job);
        String release = "lockstep/app/cart/environment/staging/release/1/";

        assertThat(as("reader").getPage(job, "lockstep/").asNormalizedText()).doesNotContain("Roll back");
        assertThat(as("reader").getPage(job, release).getForms())
                .noneMatch(form -> form.getNameAttribute().equals("rollback"));
        assertThat(as("reader").getPage(job, release).asNormalizedText()).contains("you may not do that");
        assertThat(post(as("reader"), "environment=staging")).isEqualTo(403);
        assertThat(as("operator").getPage(job, "lockstep/").asNormalizedText()).contains("Roll back");
        assertThat(as("operator").getPage(job, release).getFormByName("rollback"))
                .isNotNull();
        assertThat(operations.asked).isEmpty();
    }

    @Test
    void aRollbackIsAPostWithACrumb() throws Exception {
        SeededBoard.seed(job);

        assertThat(status(as("operator"), job.getUrl() + "lockstep/rollback?environment=staging"))
                .isEqualTo(404);
        var request = new WebRequest(
                new URL(jenkins.getURL(), job.getUrl() + "lockstep/rollback?environment=staging"), HttpMethod.POST);
        assertThat(as("operator").getPage(request).getWebResponse().getStatusCode())
                .isEqualTo(403);
        assertThat(new Rollbacks(job).getAll()).isEmpty();
    }

    @Test
    void aMisspeltEnvironmentIsRefusedWithTheNearestName() throws Exception {
        SeededBoard.seed(job);
        WebClient operator = as("operator");

        Page answer = operator.getPage(crumbed(operator, "environment=stagin"));

        assertThat(answer.getWebResponse().getStatusCode()).isEqualTo(400);
        assertThat(answer.getWebResponse().getContentAsString()).contains("stagin", "staging");
        assertThat(new Rollbacks(job).getAll()).isEmpty();
    }

    @Test
    void theButtonLeadsThroughAQuestionToATaskWithALogThatCanBeAborted() throws Exception {
        SeededBoard.seed(job);
        WebClient operator = as("operator");

        HtmlPage board = operator.getPage(job, "lockstep/");
        HtmlPage question = board.getAnchors().stream()
                .filter(link -> link.getHrefAttribute().endsWith("environment/staging/release/1/")
                        && link.asNormalizedText().contains("Roll back"))
                .findFirst()
                .orElseThrow()
                .click();
        assertThat(question.asNormalizedText()).contains("Roll staging back to release 1?", "Sell bread");
        HtmlPage task = (HtmlPage) jenkins.submit(question.getFormByName("rollback"));
        assertThat(task.getUrl().getPath()).endsWith(job.getUrl() + "lockstep/rollbacks/1/");
        assertThat(operations.begun.await(30, TimeUnit.SECONDS)).isTrue();
        task = operator.getPage(job, "lockstep/rollbacks/1/");
        assertThat(task.asNormalizedText()).contains("operator asked for it", "#1", "running");
        assertThat(progressiveLog(operator))
                .contains("rollback of staging to #1", "&lt;script&gt;")
                .doesNotContain("<script>");

        operator.getPage(crumbed(operator, "environment=staging"));
        assertThat(new Rollbacks(job).getAll()).hasSize(1);

        jenkins.submit(task.getFormByName("abort"));
        await(() -> !new Rollbacks(job).getAll().get(0).isRunning());

        task = operator.getPage(job, "lockstep/rollbacks/1/");
        assertThat(task.asNormalizedText()).contains("aborted", "rollback of staging to #1");
        assertThat(task.getForms()).noneMatch(form -> form.getNameAttribute().equals("abort"));
        assertThat(operations.actors).singleElement().satisfies(actor -> {
            assertThat(actor.name()).isEqualTo("operator");
            assertThat(actor.build()).isEqualTo("shop/cart rollback #1");
        });
        assertThat(operator.getPage(job, "lockstep/rollbacks/").asNormalizedText())
                .contains("aborted", "operator");
    }

    @Test
    void whoMayOnlyReadCanFollowATaskButNotAbortIt() throws Exception {
        SeededBoard.seed(job);
        WebClient operator = as("operator");
        operator.getPage(crumbed(operator, "environment=staging"));
        assertThat(operations.begun.await(30, TimeUnit.SECONDS)).isTrue();
        WebClient reader = as("reader");

        HtmlPage task = reader.getPage(job, "lockstep/rollbacks/1/");

        assertThat(task.getForms()).noneMatch(form -> form.getNameAttribute().equals("abort"));
        var request =
                new WebRequest(new URL(jenkins.getURL(), job.getUrl() + "lockstep/rollbacks/1/abort"), HttpMethod.POST);
        reader.addCrumb(request);
        assertThat(reader.getPage(request).getWebResponse().getStatusCode()).isEqualTo(403);
        assertThat(new Rollbacks(job).getAll().get(0).isRunning()).isTrue();
        operations.letGo.countDown();
        await(() -> !new Rollbacks(job).getAll().get(0).isRunning());
        assertThat(new Rollbacks(job).getAll().get(0).getState()).isEqualTo("failed");
        assertThat(new Rollbacks(job).getAll().get(0).getMessage()).isEqualTo("the cluster does not answer");
    }

    @Test
    void theRemoteApiTellsTheBoardAndLeadsToTheTasksJson() throws Exception {
        SeededBoard.seed(job);
        JSONObject board = as("reader")
                .getJSON(job.getUrl() + "lockstep/api/json")
                .getJSONObject()
                .getJSONArray("boards")
                .getJSONObject(0);
        assertThat(board.getString("app")).isEqualTo("cart");
        JSONObject staging = board.getJSONArray("environments").getJSONObject(0);
        assertThat(staging.getString("name")).isEqualTo("staging");
        assertThat(staging.getString("health")).isEqualTo("degraded");
        assertThat(staging.getJSONObject("current").getInt("number")).isEqualTo(2);
        assertThat(staging.getJSONObject("incoming")
                        .getJSONObject("shipment")
                        .getJSONArray("revisions")
                        .toString())
                .isEqualTo("[\"" + SeededBoard.THIRD + "\"]");
        assertThat(staging.getJSONArray("releases").size()).isEqualTo(3);

        WebClient operator = as("operator");
        WebRequest request = crumbed(operator, "environment=staging&to=previous");
        request.setAdditionalHeader("Accept", "application/json");
        Page answer = operator.getPage(request);

        assertThat(answer.getUrl().getPath()).endsWith("lockstep/rollbacks/1/api/json");
        JSONObject task = JSONObject.fromObject(answer.getWebResponse().getContentAsString());
        assertThat(task.getString("environment")).isEqualTo("staging");
        assertThat(task.getString("to")).isEqualTo("previous");
        assertThat(task.getString("by")).isEqualTo("operator");
        operations.letGo.countDown();
        await(() -> !new Rollbacks(job).getAll().get(0).isRunning());
    }

    @Test
    void theCommandLineAsksForThePermissionOfTheUserAndFollowsTheTask() throws Exception {
        SeededBoard.seed(job);
        operations.letGo.countDown();

        var refused = new CLICommandInvoker(jenkins, new LockstepRollbackCommand())
                .asUser("reader")
                .invokeWithArgs("shop/cart", "staging");
        assertThat(refused.returnCode()).isEqualTo(6);
        var misspelt = new CLICommandInvoker(jenkins, new LockstepRollbackCommand())
                .asUser("operator")
                .invokeWithArgs("shop/cart", "stagin");
        assertThat(misspelt.returnCode()).isEqualTo(5);
        assertThat(misspelt.stderr()).contains("staging");
        assertThat(operations.asked).isEmpty();

        var failed = new CLICommandInvoker(jenkins, new LockstepRollbackCommand())
                .asUser("operator")
                .invokeWithArgs("shop/cart", "staging", "--to", "#1");

        assertThat(failed.returnCode()).isEqualTo(1);
        assertThat(failed.stdout())
                .contains("lockstep/rollbacks/1/", "rollback of staging to #1", "the cluster does not answer");
    }

    @Test
    void aFolderMayNameAJobThatRollsBackInstead() throws Exception {
        SeededBoard.seed(job);
        Folder shop = (Folder) jenkins.jenkins.getItem("shop");
        var property = new LockstepFolderProperty();
        property.setRollbackJob("back");
        shop.addProperty(property);
        WebClient operator = as("operator");

        assertThat(content(operator, "environment=staging")).contains("there is no job", "back");
        FreeStyleProject back = shop.createProject(FreeStyleProject.class, "back");
        assertThat(post(operator, "environment=staging")).isEqualTo(403);
        WebClient admin = as("admin");
        assertThat(content(admin, "environment=staging")).contains("ENVIRONMENT", "RELEASE");
        assertThat(back.getLastBuild()).isNull();
        back.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("ENVIRONMENT"),
                new StringParameterDefinition("RELEASE"),
                new StringParameterDefinition("REVISION")));

        Page answer = admin.getPage(crumbed(admin, "environment=staging&to=%231"));
        jenkins.waitUntilNoActivity();

        assertThat(answer.getUrl().getPath()).endsWith(back.getUrl());
        assertThat(back.getLastBuild().getBuildVariables())
                .containsEntry("ENVIRONMENT", "staging")
                .containsEntry("RELEASE", "#1")
                .containsEntry("REVISION", SeededBoard.FIRST)
                .doesNotContainKey("JOB");
        assertThat(back.getLastBuild().getCause(Cause.UserIdCause.class).getUserId())
                .isEqualTo("admin");
        assertThat(new Rollbacks(job).getAll()).isEmpty();
        assertThat(operations.asked).isEmpty();
    }

    @Test
    void theCommandLinePrintsTheBoard() throws Exception {
        SeededBoard.seed(job);

        var printed = new CLICommandInvoker(jenkins, new LockstepStatusCommand())
                .asUser("reader")
                .invokeWithArgs("shop/cart");

        assertThat(printed.returnCode()).isZero();
        assertThat(printed.stdout().lines())
                .element(1)
                .isEqualTo("  staging: release 2, 222222222222, degraded, 1 of 2 pods ready (as of just now)");
        assertThat(printed.stdout()).contains("production: release 1", "held by grace");
        assertThat(operations.asked).isEmpty();
    }

    @Test
    void aFolderShowsTheBoardsOfTheJobsThatTheReaderMaySee() throws Exception {
        SeededBoard.seed(job);
        Folder shop = (Folder) jenkins.jenkins.getItem("shop");
        FreeStyleProject hidden = shop.createProject(FreeStyleProject.class, "vault");
        SeededBoard.seed(hidden);
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader")
                .grant(Item.READ)
                .onItems(shop, job)
                .to("reader"));

        String text = as("reader").goTo("job/shop/lockstep/").asNormalizedText();

        assertThat(text)
                .contains("cart", "degraded, 1 of 2 pods ready", "held by grace")
                .doesNotContain("vault");
        job.delete();
        hidden.delete();
        assertThat(Boards.get().hasBelow(shop)).isFalse();
    }

    @Test
    void aBoardMovesWithItsJob() throws Exception {
        SeededBoard.seed(job);

        job.renameTo("basket");

        assertThat(as("reader").getPage(job, "lockstep/").asNormalizedText()).contains("Count the loaves");
        assertThat(as("reader").goTo("job/shop/lockstep/").asNormalizedText()).contains("basket");
    }

    @Test
    void aPageHasHeadersForItsTablesAndNoScriptOrStyleOfItsOwn() throws Exception {
        SeededBoard.seed(job);

        HtmlPage page = as("operator").getPage(job, "lockstep/");

        DomElement table = page.getElementById("board-cart");
        assertThat(table.getElementsByTagName("th"))
                .allSatisfy(header -> assertThat(header.getAttribute("scope")).isIn("row", "col"));
        DomElement panel = page.getElementById("main-panel");
        assertThat(panel.getElementsByTagName("script")).isEmpty();
        assertThat(panel.getElementsByTagName("style")).isEmpty();
        assertThat(panel.getElementsByTagName("td"))
                .allSatisfy(cell -> assertThat(cell.hasAttribute("style")).isFalse());
    }

    private WebClient as(String user) throws Exception {
        return jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .login(user);
    }

    private int status(WebClient client, String path) throws Exception {
        return client.getPage(new URL(jenkins.getURL(), path)).getWebResponse().getStatusCode();
    }

    private WebRequest crumbed(WebClient client, String query) throws Exception {
        var request =
                new WebRequest(new URL(jenkins.getURL(), job.getUrl() + "lockstep/rollback?" + query), HttpMethod.POST);
        client.addCrumb(request);
        return request;
    }

    private int post(WebClient client, String query) throws Exception {
        return client.getPage(crumbed(client, query)).getWebResponse().getStatusCode();
    }

    private String content(WebClient client, String query) throws Exception {
        return client.getPage(crumbed(client, query)).getWebResponse().getContentAsString();
    }

    private String progressiveLog(WebClient client) throws Exception {
        var request = new WebRequest(
                new URL(jenkins.getURL(), job.getUrl() + "lockstep/rollbacks/1/logText/progressiveHtml?start=0"),
                HttpMethod.POST);
        client.addCrumb(request);
        return client.getPage(request).getWebResponse().getContentAsString();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 600 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
