package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several projects of one Mercurial repository; what does not hang on the system is in {@link ProjectsTest}. */
@MercurialTest
class MercurialProjectsTest {

    @TempDir
    Path temporary;

    private SampleMonorepo<HgTestRepository> monorepo;
    private Delivery delivery;

    @BeforeEach
    void start() {
        monorepo = SampleMonorepo.in(HgTestRepository.init(temporary.resolve("shop")));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @Test
    void onlyWhatChangedIsBuilt() {
        monorepo.with("app1").with("app2", "sources: [../../libs/**]\n").with("app3");
        String first = monorepo.repository()
                .write("libs/Common.java", "class Common {}")
                .commit("first");
        String second = monorepo.repository()
                .write("libs/Common.java", "final class Common {}")
                .write("services/app3/app/page.txt", "other\n")
                .commit("second");
        var target = new Target.Directory(temporary.resolve("target"));

        Projects changed = delivery.projects(monorepo.changedSince(first), Progress.NONE);
        ProjectsResult<BuildResult> built = changed.build(target, Concurrency.standard(), Progress.NONE);

        assertThat(built.problem()).isEmpty();
        assertThat(built.projects()).extracting(run -> run.project().app()).containsExactly("app2", "app3");
        assertThat(built.projects())
                .allSatisfy(run -> assertThat(run.result().orElseThrow().revision())
                        .satisfies(revision -> assertThat(revision.vcs()).isEqualTo(Vcs.MERCURIAL))
                        .hasToString(second));
    }

    @Test
    void onlyAnAncestorTellsWhatChanged() {
        monorepo.with("app1");
        String base = monorepo.repository().commit("first");
        String topic = monorepo.repository()
                .branch("topic")
                .write("services/app1/app/page.txt", "topic\n")
                .commit("topic");
        monorepo.repository()
                .checkout(base)
                .write("services/app1/app/page.txt", "main\n")
                .commit("main");

        DeliveryException diverged = catchThrowableOfType(
                DeliveryException.class, () -> delivery.projects(monorepo.changedSince(topic), Progress.NONE));

        assertThat(diverged.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(diverged.hint()).endsWith("--changed-since " + base);
    }
}
