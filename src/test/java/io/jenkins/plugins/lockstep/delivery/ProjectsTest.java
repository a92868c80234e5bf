package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several projects of one real repository, on a directory target. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ProjectsTest {

    private static final Actor ACTOR = new Actor("jane", null);

    @TempDir
    Path temporary;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private SampleMonorepo<GitTestRepository> monorepo;
    private Target target;
    private Delivery delivery;

    @BeforeEach
    void start() {
        monorepo = SampleMonorepo.in(temporary.resolve("shop"));
        target = new Target.Directory(temporary.resolve("target"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @Test
    void twelveProjectsAreReleasedAtOnceAndTheFailuresOfSomeAreTheirOwn() {
        for (String name : names(12)) {
            monorepo.with(name);
        }
        edit(monorepo.repository().root().resolve("services/app07/lockstep.yaml"), "from: app,", "from: not-built,");
        monorepo.repository()
                .delete("services/app03/config/audience.txt")
                .write("services/app11/config/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n");
        String revision = monorepo.repository().commit("first");

        ProjectsResult<DeployResult> result = release(monorepo.all(), new Concurrency(4, false));

        assertThat(result.interrupted()).isFalse();
        assertThat(result.problem()).contains(Problem.BAD_INPUT);
        assertThat(result.projects()).extracting(run -> run.project().app()).containsExactlyElementsOf(names(12));
        for (ProjectRun<DeployResult> run : result.projects()) {
            String app = run.project().app();
            if (List.of("app03", "app07", "app11").contains(app)) {
                assertThat(run.failure()).as(app).isPresent();
                assertThat(run.failure().orElseThrow().problem()).isEqualTo(Problem.BAD_INPUT);
                assertThat(run.result()).isEmpty();
                assertThat(history(app)).as(app).isEmpty();
            } else {
                assertThat(run.outcome()).as(app).isInstanceOf(ProjectRun.Done.class);
                assertThat(history(app)).as(app).singleElement().satisfies(release -> {
                    assertThat(release.number()).isEqualTo(1);
                    assertThat(release.revision()).isEqualTo(revision);
                    assertThat(release.images().get(0).reference().toString())
                            .startsWith("registry.example.com/shop/" + app + ":" + revision + "@sha256:");
                });
            }
        }
        assertThat(steps).allMatch(step -> step.startsWith("[app") || step.startsWith("revision " + revision));
        assertThat(steps.stream().filter(step -> step.endsWith("] done"))).hasSize(9);
        assertThat(steps.stream().filter(step -> step.contains("] failed: "))).hasSize(3);
    }

    @Test
    void whatOneBuildChangesTheOthersAllowByAGlobThatClimbs() {
        monorepo.with("app1", "allowChanges: [stamp.txt]\n").with("app2", "allowChanges: [\"../*/stamp.txt\"]\n");
        monorepo.with("app3");
        monorepo.repository().write("services/app1/stamp.txt", "1").commit("first");
        monorepo.repository().write("services/app1/stamp.txt", "2");

        ProjectsResult<DeployResult> result = release(monorepo.all(), Concurrency.standard());

        assertThat(result.projects().get(0).failure()).isEmpty();
        assertThat(result.projects().get(1).failure()).isEmpty();
        assertThat(result.projects().get(2).failure().orElseThrow().problem()).isEqualTo(Problem.UNCOMMITTED_CHANGES);
        assertThat(result.problem()).contains(Problem.UNCOMMITTED_CHANGES);
    }

    @Test
    void noneIsBegunAfterAFailureWhereAsked() {
        monorepo.with("app1").with("app2").with("app3");
        edit(monorepo.repository().root().resolve("services/app2/lockstep.yaml"), "from: app,", "from: not-built,");
        monorepo.repository().commit("first");

        ProjectsResult<DeployResult> result = release(monorepo.all(), new Concurrency(1, true));

        assertThat(result.projects().get(0).outcome()).isInstanceOf(ProjectRun.Done.class);
        assertThat(result.projects().get(1).failure()).isPresent();
        assertThat(result.projects().get(2).outcome())
                .isEqualTo(new ProjectRun.NotRun<>("app2 failed before it was begun"));
        assertThat(history("app3")).isEmpty();
    }

    @Test
    void anInterruptEndsWhatIsUnderWayAndBeginsNothingMore() throws Exception {
        monorepo.with("app1").with("app2").with("app3");
        monorepo.repository().commit("first");
        Projects projects = delivery.projects(monorepo.all(), Progress.NONE);
        var result = new AtomicReference<ProjectsResult<DeployResult>>();
        var flag = new AtomicReference<Boolean>();
        var lock = new DirectoryEnvironmentLock(temporary.resolve("target"), "app2", "staging");
        Thread caller;
        try (var held = lock.acquire(Claim.outOfTurn("somebody", "any"), Duration.ZERO, Progress.NONE)) {
            caller = new Thread(() -> {
                result.set(projects.release(
                        "staging", target, RolloutSettings.DEFAULT, ACTOR, new Concurrency(1, false), steps::add));
                flag.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            while (steps.stream().noneMatch(step -> step.startsWith("[app2] waiting for somebody"))) {
                Thread.sleep(10);
            }
            held.check();

            caller.interrupt();
            caller.join();
        }

        assertThat(result.get().interrupted()).isTrue();
        assertThat(flag.get()).isFalse();
        assertThat(result.get().problem()).contains(Problem.INTERRUPTED);
        assertThat(result.get().projects().get(0).outcome()).isInstanceOf(ProjectRun.Done.class);
        assertThat(result.get().projects().get(1).failure().orElseThrow().problem())
                .isEqualTo(Problem.INTERRUPTED);
        assertThat(result.get().projects().get(2).outcome())
                .isEqualTo(new ProjectRun.NotRun<>("interrupted before it was begun"));
        assertThat(history("app1")).hasSize(1);
        assertThat(history("app2")).isEmpty();
        assertThat(history("app3")).isEmpty();
    }

    @Test
    void allAreOfOneRevisionWhoeverCommitsMeanwhile() {
        monorepo.with("app1").with("app2");
        String first = monorepo.repository().commit("first");
        Projects projects = delivery.projects(monorepo.all(), Progress.NONE);
        assertThat(projects.build(target, Concurrency.standard(), Progress.NONE).problem())
                .isEmpty();
        monorepo.repository().write("services/app1/app/page.txt", "other\n").commit("second");

        ProjectsResult<DeployResult> result = projects.deploy(
                "staging", target, RolloutSettings.DEFAULT, ACTOR, Concurrency.standard(), Progress.NONE);

        assertThat(result.problem()).isEmpty();
        assertThat(result.projects())
                .extracting(run -> run.result().orElseThrow().release().revision())
                .containsExactly(first, first);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "counts open files in /proc")
    void twoHundredProjectsLeaveNoThreadAndNoFileOpen() throws Exception {
        for (String name : names(200)) {
            monorepo.with(name);
        }
        monorepo.repository().commit("many");
        Projects projects = delivery.projects(monorepo.all(), Progress.NONE);
        var concurrency = new Concurrency(4, false);
        projects.loadConfig("staging", target, concurrency, Progress.NONE); // what is loaded once is open from here on
        long files = openFiles();

        ProjectsResult<ConfigResult> result = projects.loadConfig("production", target, concurrency, Progress.NONE);

        assertThat(result.problem()).isEmpty();
        assertThat(result.projects()).hasSize(200);
        assertThat(result.projects()).allMatch(run -> run.result().orElseThrow().created());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("lockstep-project-"));
        assertThat(openFiles()).isLessThan(files + 20); // other tests' may come and go, one for each would be 200
    }

    @Test
    void aMistakeInAnyProjectFileRefusesAllOfThem() {
        monorepo.with("app1").with("app2", "enviroments: {}\n").with("app3").with("app4", "manifets: x\n");
        monorepo.repository().commit("first");

        DeliveryException mistakes = refused(() -> release(monorepo.all(), Concurrency.standard()));

        assertThat(mistakes.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(mistakes.what()).isEqualTo("2 project files have mistakes");
        assertThat(mistakes.why()).contains("services/app2/lockstep.yaml:10", "services/app4/lockstep.yaml:10");
        DeliveryException one =
                refused(() -> release(monorepo.these("services/app1", "services/app2"), Concurrency.standard()));
        assertThat(one.where()).isEqualTo("services/app2/lockstep.yaml:10");
        assertThat(one.hint()).contains("environments");
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void anEnvironmentThatAProjectLacksRefusesAllOfThem() {
        monorepo.with("app1").with("app2");
        monorepo.repository()
                .write(
                        "services/app3/lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: app3
                        image: { repository: registry.example.com/shop/app3, base: scratch, layers: [{ from: a, to: /a }] }
                        environments: { base: { abstract: true }, stagging: {}, live: {} }
                        """)
                .commit("first");

        DeliveryException one = refused(() -> release(monorepo.all(), Concurrency.standard()));
        Projects projects = delivery.projects(monorepo.all(), Progress.NONE);
        DeliveryException several =
                refused(() -> projects.status("producton", target, Concurrency.standard(), Progress.NONE));

        assertThat(one.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(one.where()).isEqualTo("services/app3/lockstep.yaml");
        assertThat(one.hint()).contains("'stagging'");
        assertThat(several.what()).isEqualTo("3 projects have no environment named 'producton'");
        assertThat(several.why()).contains("services/app3/lockstep.yaml has stagging, live");
        assertThat(several.hint()).isEqualTo("did you mean 'production'?");
        DeliveryException none = refused(() -> projects.status("base", target, Concurrency.standard(), Progress.NONE));
        assertThat(none.why()).contains("services/app3/lockstep.yaml has it as an abstract one, and stagging, live");
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void twoProjectsThatShareARepositoryOrAPlaceAreRefused() {
        monorepo.with("app1").with("app2");
        Path file = monorepo.repository().root().resolve("services/app2/lockstep.yaml");
        edit(file, "app: app2", "app: app1");
        monorepo.repository().commit("one name");

        DeliveryException place = refused(() -> release(monorepo.all(), Concurrency.standard()));
        Projects found = delivery.projects(monorepo.all(), Progress.NONE);
        assertThat(found.selected())
                .extracting(SelectedProject::name)
                .containsExactly("app1 services/app1/lockstep.yaml", "app1 services/app2/lockstep.yaml");
        edit(file, "shop/app2", "shop/app1");
        monorepo.repository().commit("one repository");
        DeliveryException image = refused(() -> delivery.projects(monorepo.all(), Progress.NONE));

        assertThat(place.what()).isEqualTo("two projects are application 'app1' in the same place");
        assertThat(place.where()).isEqualTo("services/app2/lockstep.yaml");
        assertThat(place.why()).contains("services/app1/lockstep.yaml");
        assertThat(image.what()).contains("registry.example.com/shop/app1");
        assertThat(image.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void oneApplicationMayBeInSeveralNamespacesOfACluster() {
        monorepo.with("app1").with("app2");
        Path file = monorepo.repository().root().resolve("services/app2/lockstep.yaml");
        edit(file, "app: app2", "app: app1");
        monorepo.repository().commit("one name");
        Projects found = delivery.projects(monorepo.all(), Progress.NONE);
        var nowhere = new Target.Kubernetes(temporary.resolve("no-kubeconfig"), null, null);

        // Staging names no namespace: both would take the context's. Production names one for each.
        assertThat(refused(() -> found.loadConfig("staging", nowhere, Concurrency.standard(), Progress.NONE))
                        .what())
                .contains("in the same place");
        ProjectsResult<ConfigResult> apart =
                found.loadConfig("production", nowhere, Concurrency.standard(), Progress.NONE);
        assertThat(apart.projects()).allMatch(run -> run.failure().isPresent());
        assertThat(apart.projects().get(0).failure().orElseThrow().where()).contains("no-kubeconfig");
        var oneNamespace = new Target.Kubernetes(temporary.resolve("no-kubeconfig"), null, "shop");
        assertThat(refused(() -> found.loadConfig("production", oneNamespace, Concurrency.standard(), Progress.NONE))
                        .what())
                .contains("in the same place");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "services/app1/app/page.txt       | app1",
                "services/app1/lockstep.lock      | app1",
                "services/app1/admin/app/page.txt | admin",
                "services/app2/lockstep.yaml      | app2",
                "shared/config/region.txt         | app2",
                "libs/common/src/Common.java      | app1 app2",
                "README.md                        | ''",
                "docs/libs/common/README.md       | ''"
            })
    void onlyWhatChangedIsChosen(String path, String expected) {
        monorepo.with("app1", "sources: [../../libs/common/**]\n")
                .with("app2", "sources: [../../libs/*/src]\n")
                .with("app1/admin");
        edit(
                monorepo.repository().root().resolve("services/app2/lockstep.yaml"),
                "staging: { config: config }",
                "staging: { config: [config, ../../shared/config] }");
        monorepo.repository()
                .write("shared/config/zone.txt", "a")
                .write("libs/common/src/Old.java", "class Old {}")
                .write("README.md", "first");
        String since = monorepo.repository().commit("first");
        String before = "services/app2/lockstep.yaml".equals(path) ? read(path) : "";
        monorepo.repository().write(path, before + "# changed\n").commit("second");

        Projects projects = delivery.projects(monorepo.changedSince(since), steps::add);

        assertThat(projects.selected().stream().map(SelectedProject::app).sorted())
                .containsExactlyElementsOf(Stream.of(expected.split(" "))
                        .filter(app -> !app.isEmpty())
                        .toList());
        assertThat(projects.selected())
                .allMatch(project -> project.why().equals(path + " changed since " + since.substring(0, 12)));
        assertThat(projects.selected().size() + projects.leftOut().size()).isEqualTo(3);
        assertThat(projects.leftOut())
                .allMatch(project -> project.why().equals("none of its files changed since " + since.substring(0, 12)));
    }

    @Test
    void whatIsGoneOrHasMovedHasChangedToo() {
        monorepo.with("app1").with("app2").with("app3");
        monorepo.repository().write("services/app2/old.txt", "a").write("services/app1/moved.txt", "moves");
        String since = monorepo.repository().commit("first");
        monorepo.repository()
                .delete("services/app2/old.txt")
                .delete("services/app1/moved.txt")
                .write("services/app3/moved.txt", "moves")
                .commit("second");

        Projects projects = delivery.projects(monorepo.changedSince(since), Progress.NONE);

        assertThat(projects.selected()).extracting(SelectedProject::app).containsExactly("app1", "app2", "app3");
    }

    @Test
    void whatALinkOfAProjectLeadsToIsTheProjects() {
        monorepo.with("app1").with("app2");
        monorepo.repository()
                .write("shared/v2/logo.txt", "a")
                .link("shared/current", "v2")
                .link("services/app1/app/logo.txt", "../../../shared/current/logo.txt");
        String since = monorepo.repository().commit("first");
        monorepo.repository().write("shared/v2/logo.txt", "b").commit("second");

        Projects projects = delivery.projects(monorepo.changedSince(since), Progress.NONE);

        assertThat(projects.selected()).extracting(SelectedProject::app).containsExactly("app1");
        assertThat(projects.selected().get(0).why()).startsWith("shared/v2/logo.txt changed since ");
    }

    @Test
    void aFileThatIsOnlyCalledLikeAProjectFileTakesNothingFromTheProjectAroundIt() {
        monorepo.with("app1").with("app1/admin");
        monorepo.repository()
                .write("services/app1/samples/lockstep.yaml", "app: {{ name }}\n")
                .write("services/app1/samples/page.txt", "a");
        String since = monorepo.repository().commit("first");
        var app1 = new ProjectQuery(
                monorepo.repository().root(),
                ProjectLocation.DEFAULT_FILE,
                List.of(Path.of("services/app1")),
                since,
                null);
        monorepo.repository().write("services/app1/admin/app/page.txt", "b").commit("of another project");
        assertThat(delivery.projects(app1, Progress.NONE).selected()).isEmpty();
        monorepo.repository().write("services/app1/samples/page.txt", "b").commit("of this one");

        assertThat(delivery.projects(app1, Progress.NONE).selected())
                .extracting(SelectedProject::app)
                .containsExactly("app1");
    }

    @Test
    void aSourceThatIsNowhereIsRefusedRatherThanNeverSeen() {
        monorepo.with("app1", "sources: [../../libs/comon/**]\n");
        monorepo.repository().write("libs/common/a.txt", "a").commit("first");

        DeliveryException mistake = refused(() -> delivery.projects(monorepo.changedSince("HEAD"), Progress.NONE));

        assertThat(mistake.where()).isEqualTo("services/app1/lockstep.yaml:10");
        assertThat(mistake.what()).contains("../../libs/comon/**");
    }

    @Test
    void onlyAnAncestorTellsWhatChanged() {
        monorepo.with("app1");
        GitTestRepository repository = monorepo.repository();
        String base = repository.commit("first");
        repository.branch("topic").write("services/app1/app/page.txt", "topic\n");
        String topic = repository.commit("topic");
        repository.checkout("main").write("services/app1/app/page.txt", "main\n");
        String main = repository.commit("main");

        DeliveryException diverged = refused(() -> delivery.projects(monorepo.changedSince("topic"), Progress.NONE));
        DeliveryException unknown = refused(() -> delivery.projects(monorepo.changedSince("nowhere"), Progress.NONE));
        DeliveryException newer = refused(() -> delivery.projects(
                new ProjectQuery(repository.root(), "lockstep.yaml", List.of(), main, base), Progress.NONE));
        GitTestRepository clone = repository.cloneTo(temporary.resolve("shallow"), "--depth=1", "--no-single-branch");
        DeliveryException shallow = refused(() -> delivery.projects(
                new ProjectQuery(clone.root(), "lockstep.yaml", List.of(), "origin/topic", null), Progress.NONE));

        assertThat(diverged.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(diverged.where()).isEqualTo("commit " + topic);
        assertThat(diverged.hint()).endsWith("--changed-since " + base);
        assertThat(unknown.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(unknown.getMessage()).contains("nowhere");
        assertThat(newer.why()).isEqualTo("it is a descendant");
        assertThat(shallow.why()).contains("shallow");
        assertThat(delivery.projects(monorepo.changedSince(base), Progress.NONE).selected())
                .hasSize(1);
        assertThat(delivery.projects(monorepo.changedSince("HEAD"), Progress.NONE)
                        .selected())
                .isEmpty();
    }

    @Test
    void projectsAreFoundInTheCommitAtOrBelowADirectory() {
        monorepo.with("app1").with("app2");
        GitTestRepository repository = monorepo.repository();
        repository.write("other/lockstep.yaml", "no project file\n").commit("first");
        repository.write("services/untracked/lockstep.yaml", "not in the commit\n");
        Path services = repository.root().resolve("services");

        Projects found =
                delivery.projects(new ProjectQuery(services, "lockstep.yaml", List.of(), null, null), Progress.NONE);
        Projects named = delivery.projects(
                new ProjectQuery(
                        services,
                        "lockstep.yaml",
                        List.of(Path.of("app2"), Path.of("../services/app2/lockstep.yaml")),
                        null,
                        null),
                Progress.NONE);
        DeliveryException unknown = refused(() -> delivery.projects(monorepo.these("services/ap1"), Progress.NONE));
        DeliveryException outside = refused(() -> delivery.projects(monorepo.these("../elsewhere"), Progress.NONE));
        DeliveryException none = refused(() ->
                delivery.projects(new ProjectQuery(services, "release.yaml", List.of(), null, null), Progress.NONE));

        assertThat(found.selected())
                .extracting(SelectedProject::file)
                .containsExactly("services/app1/lockstep.yaml", "services/app2/lockstep.yaml");
        assertThat(named.selected()).extracting(SelectedProject::app).containsExactly("app2");
        assertThat(unknown.hint()).isEqualTo("did you mean 'services/app1'?");
        assertThat(outside.what()).contains("outside the repository");
        assertThat(none.what()).contains("has no release.yaml at or below services");
        assertThat(refused(() -> delivery.projects(monorepo.all(), Progress.NONE))
                        .where())
                .startsWith("other/lockstep.yaml");
    }

    private ProjectsResult<DeployResult> release(ProjectQuery query, Concurrency concurrency) {
        return delivery.projects(query, steps::add)
                .release("staging", target, RolloutSettings.DEFAULT, ACTOR, concurrency, steps::add);
    }

    private List<Release> history(String app) {
        return delivery.history(monorepo.location(app), "staging", target).releases();
    }

    private String read(String path) {
        try {
            return Files.readString(monorepo.repository().root().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void edit(Path file, String old, String with) {
        try {
            String text = Files.readString(file);
            assertThat(text).contains(old);
            Files.writeString(file, text.replace(old, with));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(int count) {
        int digits = String.valueOf(count).length();
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> String.format("app%0" + digits + "d", number))
                .toList();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static DeliveryException refused(ThrowingCallable call) {
        DeliveryException refusal = catchThrowableOfType(DeliveryException.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
