package io.jenkins.plugins.lockstep.jenkins.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Board, button, question and result in a real browser. With {@code -Dlockstep.screenshots=DIRECTORY} it keeps pictures of
 * the pages.
 */
@WithJenkins
class ReleaseBoardBrowserTest {

    private final CountedOperations operations = new CountedOperations();

    @TempDir
    Path home;

    @Test
    void somebodyRollsBackByTheButton(JenkinsRule jenkins) throws Exception {
        assumeTrue(
                Browser.isInstalled(),
                "SKIPPED: no chromium and chromedriver here (Debian: chromium, chromium-driver)");
        ExtensionList.lookup(JobOperations.class).add(0, operations);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(jenkins.jenkins.ADMINISTER)
                .everywhere()
                .to("ada"));
        FreeStyleProject job =
                jenkins.createProject(Folder.class, "shop").createProject(FreeStyleProject.class, "cart");
        SeededBoard.seed(job);
        String board = jenkins.getURL() + job.getUrl() + "lockstep/";

        try (Browser browser = Browser.open(home)) {
            logIn(browser, jenkins);
            browser.go(board);
            assertThat(browser.text("#board-cart")).contains("degraded, 1 of 2 pods ready", "held by grace");
            browser.click("#board-cart details summary");
            assertThat(browser.text("#board-cart details li")).contains(SeededBoard.HOSTILE);
            picture(browser, "board");
            browser.go(board + "app/cart/environment/staging/");
            picture(browser, "environment");
            browser.go(jenkins.getURL() + "job/shop/lockstep/");
            picture(browser, "folder");
            browser.go(board);
            browser.click("#board-cart a[href$='environment/staging/release/1/'].jenkins-button");
            picture(browser, "question");
            browser.click("form[name=rollback] button");
            assertThat(browser.url()).endsWith("lockstep/rollbacks/1/");
            assertThat(operations.begun.await(60, TimeUnit.SECONDS)).isTrue();
            browser.await("#out", "rollback of staging to #1");
            picture(browser, "rollback");
            operations.letGo.countDown();
            browser.await("#rollback-state", "the cluster does not answer");
            assertThat(browser.text("#out")).contains("rollback of staging to #1", SeededBoard.HOSTILE);
            assertThat(browser.evaluate("document.title")).asString().doesNotContain("owned");
            assertThat(browser.complaints())
                    .noneMatch(complaint ->
                            complaint.contains("lockstep") || complaint.contains("Content Security Policy"));
        }
    }

    private static void logIn(Browser browser, JenkinsRule jenkins) throws Exception {
        browser.go(jenkins.getURL() + "login");
        browser.type("input[name=j_username]", "ada");
        browser.type("input[name=j_password]", "ada");
        browser.click("button[name=Submit]");
        browser.await(".page-header", "ada");
    }

    private static void picture(Browser browser, String name) throws Exception {
        String directory = System.getProperty("lockstep.screenshots");
        if (directory != null) {
            browser.picture(Path.of(directory, name + ".png"));
        }
    }
}
