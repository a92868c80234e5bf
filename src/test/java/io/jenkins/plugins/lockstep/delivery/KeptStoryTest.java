package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Decision;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Sort;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.jib.OciLayoutImageStore;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept and what is not, on a directory: real Git, a real OCI layout. Later is a clock that runs ahead. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KeptStoryTest {

    private static final String IMAGE = "registry.example.com/shop/cart";
    private static final Actor ACTOR = new Actor("jane", null);

    @TempDir
    Path temporary;

    private final List<String> revisions = new ArrayList<>();
    private SampleProject project;
    private Target target;
    private Delivery delivery;
    private Delivery later;

    @BeforeEach
    void start() throws IOException {
        project = SampleProject.in(GitTestRepository.init(temporary.resolve("cart")), IMAGE, "scratch");
        project.repository().write("lockstep.yaml", project.file() + "keep: { releases: 1, days: 1 }\n");
        target = new Target.Directory(temporary.resolve("target"));
        Map<String, String> environment =
                Map.of("HOME", temporary.resolve("home").toString());
        delivery = new DeliveryFactory(environment).delivery();
        later = new DeliveryFactory(
                        environment,
                        RegistryLogins.NONE,
                        Set.of(),
                        Clock.offset(Clock.systemUTC(), Duration.ofDays(200)))
                .delivery();
    }

    @Test
    void whatNothingRefersToGoesAndWhatIsKeptCanStillBeReadByteForByte() throws Exception {
        release(4);
        delivery.pin(project.location(), "staging", 2, true, target);
        Map<Integer, List<RenderedObject>> rendered = rendered();
        List<String> maps =
                history().stream().map(one -> one.configMaps().get(0)).toList();
        Map<String, String> before = files();

        assertThat(collect(delivery, false).decisions())
                .as("all of it is younger than 24 hours")
                .allMatch(Decision::kept);
        CollectionResult dry = collect(later, true);
        assertThat(files()).isEqualTo(before);
        CollectionResult done = collect(later, false);

        assertThat(done.decisions()).isEqualTo(dry.decisions());
        assertThat(kept(done, Sort.PAYLOAD)).containsOnlyKeys("#4", "#2");
        assertThat(kept(done, Sort.PAYLOAD)).containsEntry("#4", "it runs").containsEntry("#2", "pinned");
        assertThat(done.count(Sort.PAYLOAD, false)).isEqualTo(2);
        assertThat(kept(done, Sort.CONFIGMAP))
                .containsOnlyKeys(maps.get(0), maps.get(2))
                .containsEntry(maps.get(2), "release #2 has it");
        assertThat(done.count(Sort.CONFIGMAP, false)).isEqualTo(2);
        // The first release's chunk has the Service, too, which all of them share.
        assertThat(done.count(Sort.CHUNK, false)).isEqualTo(1);
        assertThat(history()).extracting(Release::collected).containsExactly(false, true, false, true);
        assertThat(ledger().objects(4)).isEqualTo(rendered.get(4));
        assertThat(ledger().objects(2)).isEqualTo(rendered.get(2));
        assertThat(files().keySet())
                .anyMatch(file -> file.endsWith("/" + maps.get(0) + ".yaml"))
                .noneMatch(file -> file.endsWith("/" + maps.get(1) + ".yaml"))
                .noneMatch(file -> file.endsWith("/" + maps.get(3) + ".yaml"));
        assertThat(collect(later, false).decisions())
                .as("there is nothing left to collect")
                .allMatch(Decision::kept);
    }

    @Test
    void whatIsNoLongerKeptIsRenderedAgainExactly() throws Exception {
        release(3);
        List<RenderedObject> recorded = ledger().objects(1);
        Release first = history().get(2);
        collect(later, false);
        assertThat(catchThrowableOfType(DeliveryException.class, () -> ledger().objects(1)))
                .isNotNull();

        ReadinessResult check = delivery.rollbackReadiness(request("#1"), true, 20);
        assertThat(check.isReady()).isTrue();
        assertThat(check.targets().get(0).notes()).singleElement().asString().contains("rendered again");
        DeployResult back = delivery.rollback(request("#1"), Progress.NONE);

        assertThat(back.release().rollbackOf()).isEqualTo(1);
        assertThat(back.release().seal()).isEqualTo(first.seal());
        assertThat(back.release().images()).isEqualTo(first.images());
        assertThat(back.release().configMaps()).isEqualTo(first.configMaps());
        assertThat(ledger().objects(back.release().number())).isEqualTo(recorded);
    }

    @Test
    void whatWouldNotBeRenderedExactlySoIsRefused() throws Exception {
        release(3);
        collect(later, false);
        project.repository()
                .write("lockstep.yaml", project.file().replace("staging: {", "staging: { namespace: elsewhere,"))
                .commit("moved");
        int before = history().size();

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> delivery.rollback(request(revisions.get(0)), Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.what()).contains("#1").contains("exactly");
        assertThat(failure.why()).contains("the seal differs");
        assertThat(failure.hint()).contains("lockstep deploy staging --revision " + revisions.get(0));
        assertThat(history()).hasSize(before);
        ReadinessResult check = delivery.rollbackReadiness(request("previous"), false, 20);
        assertThat(check.targets()).hasSize(2).noneMatch(ReadinessResult.Target::isReady);
    }

    @Test
    void aCommitThatIsNotHereIsNamed() throws Exception {
        release(3);
        collect(later, false);
        var other = SampleProject.in(GitTestRepository.init(temporary.resolve("other")), IMAGE, "scratch");
        other.repository().commit("another history");
        var request = new RollbackRequest(other.location(), "staging", "#1", target, RolloutSettings.DEFAULT, ACTOR);

        DeliveryException failure =
                catchThrowableOfType(DeliveryException.class, () -> delivery.rollback(request, Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains(revisions.get(0).substring(0, 12));
        assertThat(failure.hint()).contains("fetch");
    }

    @Test
    void imagesGoThatNoEnvironmentNeedsAndNobodyCanGoBackTo() throws Exception {
        release(23);
        String unreleased =
                project.repository().write("app/page.txt", "not yet\n").commit("not released");
        delivery.build(project.location(), target, Progress.NONE);

        CollectionResult done = later.collect(collection(null, false, true, false), Progress.NONE);

        // 23 runs, and the twenty before it are what one can go back to.
        assertThat(done.decisions())
                .filteredOn(decision -> decision.sort() == Sort.IMAGE && !decision.kept())
                .extracting(Decision::name)
                .containsExactlyInAnyOrder(IMAGE + ":" + revisions.get(0), IMAGE + ":" + revisions.get(1));
        assertThat(kept(done, Sort.IMAGE))
                .hasSize(22)
                .containsEntry(IMAGE + ":" + unreleased, "no environment released it yet");
        ReadinessResult check = delivery.rollbackReadiness(request("previous"), false, Integer.MAX_VALUE);
        assertThat(check.targets()).hasSize(22);
        assertThat(check.targets())
                .filteredOn(one -> !one.isReady())
                .extracting(one -> one.release().number())
                .containsExactly(2, 1);
        assertThat(check.targets().get(21).reasons()).singleElement().asString().startsWith("the image is gone: ");
        DeliveryException failure =
                catchThrowableOfType(DeliveryException.class, () -> delivery.rollback(request("#1"), Progress.NONE));
        assertThat(failure.problem()).isEqualTo(Problem.IMAGE_MISSING);

        CollectionResult more = later.collect(collection(null, false, true, true), Progress.NONE);
        assertThat(more.decisions())
                .filteredOn(decision -> decision.sort() == Sort.IMAGE && !decision.kept())
                .extracting(Decision::name)
                .containsExactly(IMAGE + ":" + unreleased);
    }

    @Test
    void imagesOfOneEnvironmentAloneAreNotCollected() throws Exception {
        release(1);

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class,
                () -> delivery.collect(collection("staging", false, true, false), Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
    }

    @Test
    void anEnvironmentThatCantBeReadEndsItAllWithNothingDeleted() throws Exception {
        release(4);
        project.repository()
                .write("lockstep.yaml", project.file().replace("keep:", "  zone: { extends: [base] }\nkeep:"))
                .commit("two environments");
        Path broken = temporary.resolve("target/ledger/cart/zone/1.json");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "{");
        Map<String, String> before = files();

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> later.collect(collection(null, false, true, true), Progress.NONE));

        assertThat(failure).isNotNull();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anImageThatIsDeletedWhileADeployWaitsIsMissedBeforeAnythingIsWritten() throws Exception {
        release(1);
        Release first = history().get(0);
        release(1);
        var said = new CopyOnWriteArrayList<String>();
        var held = new DirectoryEnvironmentLock(temporary.resolve("target"), "cart", "staging")
                .acquire(Claim.outOfTurn("somebody", ""), Duration.ZERO, Progress.NONE);
        var deploy = new FutureTask<>(() -> delivery.deploy(
                new DeployRequest(project.at(revisions.get(0)), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                said::add));
        new Thread(deploy, "deploy").start();
        while (said.stream().noneMatch(line -> line.startsWith("waiting for "))) {
            Thread.sleep(20);
        }
        var images = new OciLayoutImageStore(
                temporary.resolve("target/images"),
                new RegistryAccess(Map.of(), RegistryLogins.NONE, temporary.resolve("cache"), Set.of()));
        images.delete(images.find(first.images().get(0).reference()).orElseThrow());
        Map<String, String> before = files();
        held.close();

        ExecutionException end = catchThrowableOfType(ExecutionException.class, deploy::get);

        assertThat(end).isNotNull();
        assertThat(end.getCause())
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.IMAGE_MISSING));
        assertThat(end.getCause()).hasMessageContaining("waited for its turn");
        assertThat(history()).hasSize(2);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anImageOfWhichATagThatIsKeptIsAnotherNameStays() throws Exception {
        release(23);
        String image = IMAGE + ":" + revisions.get(0);
        String alias = IMAGE + ":" + revisions.get(1);
        Path index = temporary.resolve("target/images/index.json");
        var tree = Tree.map(Json.read(Files.readString(index)));
        var manifests = new ArrayList<Object>();
        for (Object one : Tree.list(tree, "manifests")) {
            var names = Tree.map(one, "annotations");
            if (!names.containsValue(alias)) {
                manifests.add(one);
            }
            if (names.containsValue(image)) {
                var again = Tree.map(one);
                again.put("annotations", Map.of("org.opencontainers.image.ref.name", alias));
                manifests.add(again);
            }
        }
        tree.put("manifests", manifests);
        Files.writeString(index, Json.write(tree));

        CollectionResult done = later.collect(collection(null, false, true, true), Progress.NONE);

        assertThat(kept(done, Sort.IMAGE))
                .hasSize(23)
                .containsEntry(image, "it is also tagged " + revisions.get(1))
                .containsEntry(alias, "it does not say that it was built from that revision");
    }

    @Test
    void imagesAreNotCollectedByLookingAtEnvironmentsInTheWrongPlace() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                .replace("keep:", "  zone: { extends: [base], cluster: prod, namespace: shop }\nkeep:"))
                .commit("two environments");
        for (Target elsewhere :
                List.of(new Target.Kubernetes(null, "test", null), new Target.Kubernetes(null, null, "sandbox"))) {
            var request = new CollectionRequest(
                    project.location(), null, elsewhere, true, true, true, Duration.ofMinutes(1), ACTOR);

            DeliveryException failure =
                    catchThrowableOfType(DeliveryException.class, () -> delivery.collect(request, Progress.NONE));

            assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
            assertThat(failure.what()).contains("--context", "zone");
        }
    }

    @Test
    void anEnvironmentWithoutReleasesIsWarnedAboutBeforeImagesGo() throws Exception {
        release(1);
        project.repository()
                .write("lockstep.yaml", project.file().replace("keep:", "  zone: { extends: [base] }\nkeep:"))
                .commit("two environments");
        var warnings = new ArrayList<String>();

        later.collect(collection(null, true, true, false), new Progress() {
            @Override
            public void step(String message) {}

            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        });

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("zone", temporary.resolve("target").toString());
    }

    private void release(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            String text = "number " + (revisions.size() + 1) + "\n";
            revisions.add(project.repository()
                    .write("app/page.txt", text)
                    .write("config/staging/audience.txt", text)
                    .commit("number " + (revisions.size() + 1)));
            DeployResult result = delivery.release(
                    new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                    Progress.NONE);
            assertThat(result.release().number()).isEqualTo(revisions.size());
        }
    }

    private RollbackRequest request(String to) {
        return new RollbackRequest(project.location(), "staging", to, target, RolloutSettings.DEFAULT, ACTOR);
    }

    private CollectionResult collect(Delivery when, boolean dryRun) throws InterruptedException {
        return when.collect(collection("staging", dryRun, false, false), Progress.NONE);
    }

    private CollectionRequest collection(String environment, boolean dryRun, boolean registry, boolean unreleased) {
        return new CollectionRequest(
                project.location(), environment, target, dryRun, registry, unreleased, Duration.ofMinutes(1), ACTOR);
    }

    private static Map<String, String> kept(CollectionResult result, Sort sort) {
        var kept = new TreeMap<String, String>();
        result.decisions().stream()
                .filter(decision -> decision.sort() == sort && decision.kept())
                .forEach(decision -> kept.put(decision.name(), decision.reason()));
        return kept;
    }

    private Ledger ledger() {
        return new DirectoryLedger(temporary.resolve("target"), "cart", "staging");
    }

    private Map<Integer, List<RenderedObject>> rendered() {
        var rendered = new TreeMap<Integer, List<RenderedObject>>();
        history().forEach(release -> rendered.put(release.number(), ledger().objects(release.number())));
        return rendered;
    }

    private List<Release> history() {
        return delivery.history(project.location(), "staging", target).releases();
    }

    /** Every file of the target but locks. */
    private Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> all = Files.walk(temporary.resolve("target"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.toString().replace('\\', '/');
                if (!name.contains("/.lockstep/") && !name.endsWith("lock")) {
                    files.put(name, Sha256.hex(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }
}
