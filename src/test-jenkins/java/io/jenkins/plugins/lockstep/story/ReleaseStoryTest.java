package io.jenkins.plugins.lockstep.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Label;
import hudson.model.Result;
import hudson.plugins.git.BranchSpec;
import hudson.plugins.git.GitSCM;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.lockstep.jenkins.page.Browser;
import io.jenkins.plugins.lockstep.jenkins.step.TestNamespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The whole way, with nothing but real parts: a repository, a controller, an agent in a process of its own, a registry, a
 * cluster with pods, and a browser. Needs the test bed. With {@code -Dlockstep.screenshots=DIRECTORY} it keeps pictures.
 */
class ReleaseStoryTest {

    private static final String KUBECONFIG = System.getenv("LOCKSTEP_TEST_KUBECONFIG");
    private static final String REGISTRY = System.getenv("LOCKSTEP_TEST_REGISTRY");
    private static final String BASE = System.getenv("LOCKSTEP_TEST_BASE");

    private static final String JENKINSFILE =
            """
            pipeline {
              agent none
              stages {
                stage('Image') {
                  agent { label 'build' }
                  steps { lockstepBuild() }
                }
                stage('Staging') {
                  steps { lockstepDeploy environment: 'staging', onFailure: 'keep' }
                }
              }
            }
            """;

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension();

    @TempDir
    Path directory;

    private Path repository;
    private TestNamespace namespace;

    /** What the controller has to know of the surroundings. */
    private record Place(String repository, String kubeconfig, String namespace) implements Serializable {}

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(
                KUBECONFIG != null && REGISTRY != null && "true".equals(System.getenv("LOCKSTEP_TEST_NODE")),
                "SKIPPED: no test bed with pods: src/testbed/testbed run -- ./mvnw -f pom-jenkins.xml verify");
        namespace = new TestNamespace();
        repository = SampleApplication.create(
                directory.resolve("repository"), REGISTRY + "/" + namespace.name() + "/greeter", BASE);
        Files.writeString(repository.resolve("Jenkinsfile"), JENKINSFILE);
        SampleApplication.commit(repository, "Greet everybody politely");
    }

    @AfterEach
    void tidyUp() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void aCommitIsReleasedBreaksIsJudgedAndIsRolledBackByTheButton() throws Throwable {
        controller.startJenkins();
        var place = new Place(repository.toUri().toString(), Files.readString(Path.of(KUBECONFIG)), namespace.name());
        controller.runRemotely((RealJenkinsExtension.Step) jenkins -> setUp(jenkins, place));

        String first =
                controller.runRemotely((RealJenkinsExtension.Step2<String>) jenkins -> build(jenkins, Result.SUCCESS));
        assertThat(first)
                .contains("Running on slave0")
                .contains("release 1 of revision")
                .contains("everything is ready");

        SampleApplication.write(repository, "app/run.sh", "echo no database >&2; exit 7\n");
        SampleApplication.commit(repository, "Read the greeting from the database");
        String second =
                controller.runRemotely((RealJenkinsExtension.Step2<String>) jenkins -> build(jenkins, Result.FAILURE));
        assertThat(second).contains("exit code 7").contains("hint:");

        controller.runRemotely((RealJenkinsExtension.Step) jenkins -> assertThatNothingLeaked(jenkins, place));
        assumeTrue(
                Browser.isInstalled(),
                "SKIPPED: no chromium and chromedriver here (Debian: chromium, chromium-driver)");
        rollBack(controller.getUrl().toString());

        String ledger = controller.runRemotely(ReleaseStoryTest::lastRollback);
        assertThat(ledger).contains("rolling back to release 1").contains("everything is ready");
    }

    private void rollBack(String jenkins) throws Exception {
        String board = jenkins + "job/greeter/lockstep/";
        try (Browser browser = Browser.open(directory)) {
            browser.go(jenkins + "job/greeter/2/");
            picture(browser, "build");
            awaitOnReload(browser, board, "did not end well: crash-loop");
            picture(browser, "board");
            browser.go(board + "app/greeter/environment/staging/");
            picture(browser, "environment");
            browser.go(board);
            browser.click("#board-greeter a[href*='/release/1/'].jenkins-button");
            picture(browser, "question");
            browser.click("form[name=rollback] button");
            browser.await("#out", "everything is ready");
            picture(browser, "rollback");
            awaitOnReload(browser, board, "release 3");
            picture(browser, "board-after");
        }
    }

    /** What is recorded is looked up in the background: the page shows it the next time. */
    private static void awaitOnReload(Browser browser, String page, String text) throws Exception {
        for (int i = 0; i < 60; i++) {
            browser.go(page);
            if (browser.text("#board-greeter").contains(text)) {
                return;
            }
            Thread.sleep(1000);
        }
        throw new AssertionError("'" + text + "' never came: " + browser.text("#board-greeter"));
    }

    private static void setUp(JenkinsRule rule, Place place) throws Throwable {
        GitSCM.ALLOW_LOCAL_CHECKOUT = true;
        rule.createOnlineSlave(Label.get("build"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new FileCredentialsImpl(
                        CredentialsScope.SYSTEM,
                        "bed",
                        "kubeconfig of the test bed",
                        "kubeconfig",
                        SecretBytes.fromBytes(place.kubeconfig().getBytes(StandardCharsets.UTF_8))));
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(
                        ("""
                        unclassified:
                          lockstep:
                            clusters:
                              - name: "bed"
                                credentialsId: "bed"
                                namespace: "%s"
                        """)
                                .formatted(place.namespace())
                                .getBytes(StandardCharsets.UTF_8))));
        WorkflowJob job = rule.createProject(WorkflowJob.class, "greeter");
        var scm = new GitSCM(
                GitSCM.createRepoList(place.repository(), null),
                List.of(new BranchSpec("*/main")),
                null,
                null,
                List.of());
        job.setDefinition(new CpsScmFlowDefinition(scm, "Jenkinsfile"));
    }

    private static String build(JenkinsRule rule, Result expected) throws Throwable {
        WorkflowJob job = rule.jenkins.getItemByFullName("greeter", WorkflowJob.class);
        WorkflowRun run = job.scheduleBuild2(0).get();
        rule.assertBuildStatus(expected, run);
        return JenkinsRule.getLog(run);
    }

    /** Neither a log, nor what a build keeps, nor the agent's disk has the key of the cluster. */
    private static void assertThatNothingLeaked(JenkinsRule rule, Place place) throws Throwable {
        String key = place.kubeconfig()
                .lines()
                .filter(line -> line.strip().startsWith("client-key-data:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        var places = List.of(
                rule.jenkins
                        .getItemByFullName("greeter", WorkflowJob.class)
                        .getRootDir()
                        .toPath(),
                Path.of(rule.jenkins.getNodes().get(0).createPath(".").getRemote()));
        for (Path root : places) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain(key);
                }
            }
        }
    }

    private static String lastRollback(JenkinsRule rule) throws IOException {
        WorkflowJob job = rule.jenkins.getItemByFullName("greeter", WorkflowJob.class);
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(job.getRootDir().toPath())) {
            for (Path log : files.filter(file -> file.toString().contains("rollback")
                            && file.toString().endsWith("log"))
                    .toList()) {
                text.append(Files.readString(log));
            }
        }
        return text.toString();
    }

    private static void picture(Browser browser, String name) throws Exception {
        String directory = System.getProperty("lockstep.screenshots");
        if (directory != null) {
            browser.picture(Path.of(directory, name + ".png"));
        }
    }
}
