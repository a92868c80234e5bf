package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three projects of one real repository, side by side in one namespace of a real cluster. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProjectsClusterTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final List<String> APPS = List.of("cart", "pay", "web");
    private static final Concurrency AT_ONCE = new Concurrency(3, false);

    @TempDir
    Path temporary;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private StoryNamespace namespace;
    private GitTestRepository repository;
    private Delivery delivery;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        repository = GitTestRepository.init(temporary.resolve("shop"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void threeAreReleasedAtOnceAndThenTheOneThatChanged() throws Exception {
        write("/");
        String first = repository.commit("first");

        ProjectsResult<DeployResult> all = release(null);

        assertThat(all.problem()).as("%s", all.projects()).isEmpty();
        assertThat(all.projects())
                .extracting(run -> run.result().orElseThrow().release().revision())
                .containsExactly(first, first, first);
        for (String app : APPS) {
            assertThat(answer(app)).containsExactly("page of " + app + "\nin eu\n");
        }

        repository.write("pay/app/page.txt", "other page\n");
        String second = repository.commit("second");
        ProjectsResult<DeployResult> one = release(first);

        assertThat(one.problem()).as("%s", one.projects()).isEmpty();
        assertThat(one.projects()).extracting(run -> run.project().app()).containsExactly("pay");
        assertThat(answer("pay")).containsExactly("other page\nin eu\n");
        assertThat(history("pay").stream().map(Release::revision)).containsExactly(second, first);
        assertThat(history("cart").stream().map(Release::revision)).containsExactly(first);
        assertThat(history("web").stream().map(Release::revision)).containsExactly(first);

        repository.write("config/region.txt", "in us\n");
        String third = repository.commit("what all of them have in common");
        ProjectsResult<DeployResult> again = release(second);

        assertThat(again.projects())
                .extracting(run -> run.result().orElseThrow().release().number())
                .containsExactly(2, 3, 2);
        assertThat(history("web").stream().map(Release::revision)).containsExactly(third, first);
        assertThat(answer("web")).containsExactly("page of web\nin us\n");
    }

    @Test
    void anInterruptIsInTheLedgerOfEach() throws Exception {
        write("/missing");
        repository.commit("never ready");
        Projects projects = delivery.projects(query(null), Progress.NONE);
        var result = new AtomicReference<ProjectsResult<DeployResult>>();
        Thread caller = new Thread(() -> result.set(
                projects.release("staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR, AT_ONCE, steps::add)));
        caller.start();
        for (String app : APPS) {
            while (history(app).isEmpty()) {
                Thread.sleep(100);
            }
        }

        caller.interrupt();
        caller.join();

        assertThat(result.get().problem()).contains(Problem.INTERRUPTED);
        for (ProjectRun<DeployResult> run : result.get().projects()) {
            assertThat(run.failure().orElseThrow().problem()).isEqualTo(Problem.INTERRUPTED);
            assertThat(history(run.project().app())).singleElement().satisfies(release -> {
                Verdict verdict = release.verdict();
                assertThat(verdict).isNotNull();
                assertThat(verdict.code()).isEqualTo(Verdict.Code.INTERRUPTED);
            });
        }
    }

    private void write(String probe) {
        for (String app : APPS) {
            repository
                    .write(
                            app + "/lockstep.yaml",
                            """
                            apiVersion: lockstep/v1
                            app: %1$s
                            image:
                              repository: %2$s
                              base: %3$s
                              layers: [{ from: app, to: /app }]
                              entrypoint: [/bin/busybox, sh, /app/run.sh]
                              ports: [8080]
                            run:
                              probes: { readiness: { httpGet: { path: %4$s, port: 8080 }, periodSeconds: 1 } }
                            environments:
                              staging: { config: ../config, replicas: 1 }
                            """
                                    .formatted(
                                            app,
                                            namespace.imageRepository().replaceFirst("/cart$", "/" + app),
                                            TestBed.base(),
                                            probe))
                    .write(app + "/app/page.txt", "page of " + app + "\n")
                    .write(
                            app + "/app/run.sh",
                            """
                            set -e
                            mkdir -p /tmp/www
                            cat /app/page.txt /config/region.txt >/tmp/www/index.html
                            exec httpd -f -p 8080 -h /tmp/www
                            """);
        }
        repository.write("config/region.txt", "in eu\n");
    }

    private ProjectsResult<DeployResult> release(String since) {
        return delivery.projects(query(since), steps::add)
                .release("staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR, AT_ONCE, steps::add);
    }

    private ProjectQuery query(String since) {
        return new ProjectQuery(repository.root(), ProjectLocation.DEFAULT_FILE, List.of(), since, null);
    }

    private ProjectLocation location(String app) {
        return new ProjectLocation(repository.root().resolve(app), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    private List<String> answer(String app) throws Exception {
        return StoryNamespace.answers(delivery.status(location(app), "staging", namespace.target()));
    }

    private List<Release> history(String app) {
        return delivery.history(location(app), "staging", namespace.target()).releases();
    }
}
