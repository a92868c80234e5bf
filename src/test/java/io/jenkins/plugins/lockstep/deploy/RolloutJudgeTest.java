package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Done;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Progressing;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Judges what a real API server answered; see {@link Recorded}. */
class RolloutJudgeTest {

    @ParameterizedTest
    @CsvSource({"good, 2 pods ready", "ds, 1 pod ready", "sts, 1 pod ready", "complete, complete"})
    void whatRunsIsReadyOnceItHasRunForAMoment(String file, String words) throws Exception {
        Recorded recorded = Recorded.newPods(file);

        if (!file.equals("complete")) {
            assertThat(recorded.judged()).isEqualTo(new Progressing(words + ", watching whether they stay up"));
        }
        assertThat(recorded.after(Duration.ofSeconds(5)).judged()).isEqualTo(new Done(words));
    }

    @Test
    void podsThatRanBeforeTheRolloutNeedNotProveThemselves() throws Exception {
        assertThat(Recorded.oldPods("good").judged()).isEqualTo(new Done("2 pods ready"));
    }

    @Test
    void aCrashLoopIsConclusiveAtTheThirdExit() throws Exception {
        Recorded recorded = Recorded.newPods("crash-early");
        assertThat(exits("crash-early")).isEqualTo(3);

        Verdict verdict = failed(recorded.judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(verdict.message())
                .isEqualTo("deployment/crash: container app of pod crash-d949c95fd-zf4j9 ended 3 times, the last time"
                        + " with exit code 3");
    }

    @Test
    void twoExitsAreNotConclusive() throws Exception {
        Recorded recorded = Recorded.newPods("crash-early");

        recorded.play(changed("crash-early", "Pod", pod -> status(pod).put("restartCount", 1)));

        assertThat(recorded.judged()).isInstanceOf(Progressing.class);
    }

    @Test
    void anExitAfterMonthsIsNoCrashLoopOfThisRollout() throws Exception {
        Recorded recorded = Recorded.of("good");
        recorded.play(changed("good", "Deployment", deployment -> {}));
        recorded.play(changed("good", "ReplicaSet", replicaSet -> {}));
        recorded.play(changed("good", "Pod", pod -> status(pod).put("restartCount", 6L)));
        recorded.begin();

        recorded.play(changed("good", "Pod", pod -> {
            status(pod).put("restartCount", 6L);
            status(pod).put("state", Map.of("terminated", Map.of("exitCode", 1L)));
        }));

        assertThat(recorded.judged()).isNotInstanceOf(Failed.class);
    }

    @Test
    void aCrashLoopThatWasThereBeforeTheRolloutIsOneAtItsNextExit() throws Exception {
        Recorded recorded = Recorded.oldPods("crash");
        assertThat(recorded.judged())
                .as("what it needs may just have been mended")
                .isInstanceOf(Progressing.class);

        recorded.play(changed("crash", "Pod", pod -> status(pod).merge("restartCount", 1, RolloutJudgeTest::sum)));

        assertThat(failed(recorded.judged()).code()).isEqualTo(Verdict.Code.CRASH_LOOP);
    }

    private static Object sum(Object one, Object other) {
        return ((Number) one).intValue() + ((Number) other).intValue();
    }

    @Test
    void podsOfTheRevisionBeforeDoNotCount() throws Exception {
        Recorded recorded = Recorded.newPods("crash");

        recorded.play(changed("crash", "Deployment", deployment -> annotations(deployment)
                .put("deployment.kubernetes.io/revision", "2")));

        assertThat(recorded.judged()).isInstanceOf(Progressing.class);
    }

    @Test
    void aCommandThatIsNotThereIsNamed() throws Exception {
        Verdict verdict = failed(Recorded.newPods("notfound").judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.COMMAND_NOT_FOUND);
        assertThat(verdict.message())
                .isEqualTo("deployment/notfound: container app of pod notfound-65445548b-xsnqd can't be started: exec:"
                        + " \"/no/such/program\": stat /no/such/program: no such file or directory");
        assertThat(failed(Recorded.newPods("exit127").judged()).message())
                .endsWith("can't be started: its command was not found (exit code 127)");
    }

    @Test
    void outOfMemoryIsSaidWithTheLimit() throws Exception {
        assertThat(failed(Recorded.newPods("oom").judged()).code()).isEqualTo(Verdict.Code.OUT_OF_MEMORY);
        assertThat(failed(Recorded.newPods("oom").judged()).message())
                .endsWith("for using more memory than it may (16Mi)");
    }

    @Test
    void anInitContainerThatFailsIsNamed() throws Exception {
        Verdict verdict = failed(Recorded.newPods("badinit").judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.INIT_FAILED);
        assertThat(verdict.message())
                .contains("init container migrate of pod")
                .endsWith("with exit code 9, so the others never start");
    }

    @Test
    void anImageThatIsNotThereIsConclusiveAtTheSecondPull() throws Exception {
        Recorded recorded = Recorded.newPods("noimage");

        Verdict verdict = failed(recorded.judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.IMAGE_NOT_FOUND);
        assertThat(verdict.message())
                .isEqualTo("deployment/noimage: the registry has no image 127.0.0.1:15000/testbed/absent:1");
        assertThat(verdict.evidence())
                .singleElement()
                .asString()
                .startsWith("Failed to pull image")
                .endsWith("not found");
    }

    @Test
    void oneRefusedPullIsNotConclusive() throws Exception {
        Recorded recorded = Recorded.newPods("noimage");

        Recorded.objects("noimage", "events")
                .forEach(event -> recorded.play(changed(event, tree -> tree.put("count", 1L))));

        assertThat(recorded.after(Duration.ofMinutes(5)).judged()).isInstanceOf(Progressing.class);
    }

    @Test
    void anImageThatWasNotThereBeforeTheRolloutGetsAnotherTry() throws Exception {
        for (String file : List.of("noimage", "unreachable")) {
            Recorded recorded = Recorded.oldPods(file).after(Duration.ofMinutes(3));
            assertThat(recorded.judged()).isInstanceOf(Progressing.class);

            Recorded.objects(file, "events")
                    .forEach(event ->
                            recorded.play(changed(event, tree -> metadata(tree).put("resourceVersion", "again"))));

            assertThat(recorded.judged()).as(file).isInstanceOf(Failed.class);
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerGetsTwoMinutes() throws Exception {
        Recorded recorded = Recorded.newPods("unreachable");

        assertThat(recorded.after(Duration.ofSeconds(119)).judged()).isInstanceOf(Progressing.class);
        Verdict verdict = failed(recorded.after(Duration.ofSeconds(1)).judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.REGISTRY_UNREACHABLE);
        assertThat(verdict.evidence()).first().asString().contains("connection refused");
    }

    @Test
    void anImageNameThatIsNoneIsConclusiveAtOnce() throws Exception {
        assertThat(failed(Recorded.newPods("badname").judged()).code()).isEqualTo(Verdict.Code.IMAGE_REFUSED);
    }

    @ParameterizedTest
    @CsvSource({"nocm, ConfigMap", "nokey, Secret"})
    void missingConfigurationGetsAMinuteUnlessItIsOfTheRelease(String file, String kind) throws Exception {
        Recorded recorded = Recorded.newPods(file);

        assertThat(recorded.after(Duration.ofSeconds(59)).judged()).isInstanceOf(Progressing.class);
        Verdict verdict = failed(recorded.after(Duration.ofSeconds(1)).judged());

        assertThat(verdict.code()).isEqualTo(Verdict.Code.MISSING_CONFIGURATION);
        assertThat(verdict.message()).endsWith("can't start: the " + kind + " absent is missing");
        var ofRelease = Set.of(new ResourceKey("", kind, "rec-deploy", "absent"));
        assertThat(Recorded.newPods(file).judged(ofRelease)).isInstanceOf(Failed.class);
    }

    @Test
    void aVolumeThatCanNotBeMountedIsConclusiveWhenItIsStillSaidAfterAMinute() throws Exception {
        Recorded recorded = Recorded.newPods("nomount");
        assertThat(recorded.after(Duration.ofSeconds(64)).judged())
                .as("nothing said it again: it may have recovered")
                .isInstanceOf(Progressing.class);
        assertThat(Recorded.newPods("nomount").after(Duration.ofSeconds(65)).judged())
                .as("nor did anything say that it has")
                .isInstanceOf(Failed.class);

        Recorded.objects("nomount", "events")
                .forEach(event ->
                        recorded.play(changed(event, tree -> metadata(tree).put("resourceVersion", "again"))));

        assertThat(failed(recorded.judged()).message()).endsWith("can't start: the ConfigMap absent is missing");
        var ofRelease = Set.of(new ResourceKey("", "ConfigMap", "rec-deploy", "absent"));
        assertThat(Recorded.newPods("nomount").judged(ofRelease)).isInstanceOf(Failed.class);
    }

    @Test
    void aJobThatFailedIsConclusiveWithItsExitCode() throws Exception {
        Failed failed = (Failed) Recorded.newPods("failing").judged();

        assertThat(failed.verdict().code()).isEqualTo(Verdict.Code.JOB_FAILED);
        assertThat(failed.verdict().message())
                .isEqualTo("job/failing failed with exit code 4: BackoffLimitExceeded: Job has reached the specified"
                        + " backoff limit");
        assertThat(failed.log()).isEqualTo(new RolloutState.ContainerLog("rec-deploy", "failing-qbbpz", "app", false));
    }

    @Test
    void aJobThatFailedBeforeItsPodWasSeenToIsPartOfACause() throws Exception {
        Recorded recorded = Recorded.newPods("failing");
        LiveObject ended = find("failing", "Pod");
        recorded.play(changed(ended, tree -> {
            child(tree, "status").put("phase", "Running");
            status(tree).put("state", Map.of("running", Map.of()));
        }));

        Failed part = (Failed) recorded.judged();
        recorded.play(ended);
        Failed whole = (Failed) recorded.judged();

        assertThat(part.partial()).isTrue();
        assertThat(part.verdict().message()).startsWith("job/failing failed: BackoffLimitExceeded");
        assertThat(whole.partial()).isFalse();
        assertThat(whole.verdict().message()).startsWith("job/failing failed with exit code 4: ");
    }

    @Test
    void whoIsKilledWasOutOfMemoryWhereAnInstanceBeforeWas() throws Exception {
        LiveObject killed = changed("oom", "Pod", RolloutJudgeTest::endedForNoReasonThatTheNodeKnows);
        Recorded withReason = Recorded.newPods("oom");
        withReason.play(killed);

        Recorded without = Recorded.newPods("crash");
        without.play(changed("crash", "Pod", RolloutJudgeTest::endedForNoReasonThatTheNodeKnows));

        assertThat(failed(withReason.judged()).code()).isEqualTo(Verdict.Code.OUT_OF_MEMORY);
        assertThat(failed(without.judged()).code()).isEqualTo(Verdict.Code.CRASH_LOOP);
    }

    private static void endedForNoReasonThatTheNodeKnows(Map<String, Object> pod) {
        status(pod).put("lastState", Map.of("terminated", Map.of("exitCode", 137L, "reason", "Error")));
        status(pod).put("state", Map.of("waiting", Map.of("reason", "CrashLoopBackOff")));
    }

    @Test
    void aJobThatIsCleanedUpRightAfterItsEndIsComplete() throws Exception {
        Recorded recorded = Recorded.newPods("complete");
        Expected expected = recorded.expected();

        recorded.deleted(find("complete", "Job"));

        assertThat(recorded.judged(expected)).isEqualTo(new Done("complete"));
    }

    @Test
    void aWorkloadThatSomeoneDeletedIsNotReady() throws Exception {
        Recorded recorded = Recorded.oldPods("good");
        Expected expected = recorded.expected();

        recorded.deleted(find("good", "Deployment"));

        assertThat(recorded.judged(expected)).isInstanceOf(Progressing.class);
    }

    @Test
    void aProbeThatNeverPassesIsOnlyAMatterOfTheDeadline() throws Exception {
        Recorded recorded = Recorded.newPods("unready").after(Duration.ofHours(1));

        assertThat(recorded.judged()).isEqualTo(new Progressing("0 of 1 pod ready"));
        Verdict verdict = recorded.late();

        assertThat(verdict.code()).isEqualTo(Verdict.Code.NOT_READY);
        assertThat(verdict.message())
                .isEqualTo("deployment/unready was not ready after 10 min: 0 of 1 pod ready; Readiness probe failed:"
                        + " still warming up");
    }

    @Test
    void aPodOfBeforeThatIsAvailableDoesNotMakeTheNewOneReady() throws Exception {
        Recorded recorded = Recorded.newPods("unready").after(Duration.ofMinutes(1));

        recorded.play(changed("unready", "Deployment", deployment -> {
            child(deployment, "status").put("replicas", 2L);
            child(deployment, "status").put("availableReplicas", 1L);
        }));

        assertThat(recorded.judged()).isEqualTo(new Progressing("0 of 1 pod ready, 1 pod of before still there"));
    }

    @Test
    void aStatusOfAnOlderGenerationIsNotBelieved() throws Exception {
        Recorded recorded = Recorded.newPods("good").after(Duration.ofMinutes(1));

        recorded.play(
                changed("good", "Deployment", deployment -> metadata(deployment).put("generation", 2L)));

        assertThat(recorded.judged()).isEqualTo(new Progressing("waiting for its controller"));
    }

    @Test
    void aPausedDeploymentIsNotWaitedFor() throws Exception {
        Recorded recorded = Recorded.oldPods("good");

        recorded.play(
                changed("good", "Deployment", deployment -> spec(deployment).put("paused", true)));

        assertThat(recorded.judged()).isInstanceOf(Done.class);
        assertThat(recorded.judged().words()).startsWith("is paused");
    }

    @Test
    void aWorkloadThatUpdatesOnDeleteIsNotWaitedFor() throws Exception {
        for (String file : List.of("sts", "ds")) {
            Recorded recorded = Recorded.oldPods(file);
            String kind = file.equals("ds") ? "DaemonSet" : "StatefulSet";

            recorded.play(changed(file, kind, set -> spec(set).put("updateStrategy", Map.of("type", "OnDelete"))));

            assertThat(recorded.judged()).isInstanceOf(Done.class);
            assertThat(recorded.judged().words()).contains("OnDelete");
        }
    }

    @Test
    void aStatefulSetWithAPartitionIsDoneWhenThePodsAboveItAre() throws Exception {
        Recorded recorded = Recorded.oldPods("sts");

        recorded.play(changed("sts", "StatefulSet", set -> {
            spec(set).put("replicas", 3L);
            spec(set).put("updateStrategy", Map.of("type", "RollingUpdate", "rollingUpdate", Map.of("partition", 2L)));
            Map<String, Object> status = child(set, "status");
            status.put("replicas", 3L);
            status.put("readyReplicas", 3L);
            status.put("updatedReplicas", 1L);
            status.put("updateRevision", "sts-new");
        }));

        assertThat(recorded.judged()).isEqualTo(new Done("1 pod of 3 updated (partition 2)"));
    }

    @Test
    void onlyUnreadyPodsOfAnotherRevisionAreStuck() throws Exception {
        Recorded recorded = Recorded.oldPods("sts");
        assertThat(recorded.stuckPods()).isEmpty();

        recorded.play(
                changed("sts", "Pod", pod -> child(metadata(pod), "labels").put("controller-revision-hash", "bad")));
        assertThat(recorded.stuckPods())
                .as("it is ready: its controller replaces it")
                .isEmpty();
        recorded.play(changed("sts", "Pod", pod -> {
            child(metadata(pod), "labels").put("controller-revision-hash", "bad");
            child(pod, "status").put("conditions", List.of(Map.of("type", "Ready", "status", "False")));
        }));
        assertThat(recorded.stuckPods()).as("it may only be about to start").isEmpty();
        recorded.after(Duration.ofMinutes(1));

        assertThat(recorded.stuckPodsOnTheWayForward()).hasSize(1);
        assertThat(recorded.stuckPods()).extracting(pod -> pod.key().name()).containsExactly("sts-0");
    }

    @Test
    void aRunningPodOfAnotherRevisionThatWasReadyBeforeIsNotStuck() throws Exception {
        Recorded recorded = Recorded.oldPods("sts");

        recorded.play(changed("sts", "Pod", pod -> {
            child(metadata(pod), "labels").put("controller-revision-hash", "bad");
            child(pod, "status").put("conditions", unreadySince("2026-11-23T09:00:00Z"));
        }));
        assertThat(recorded.stuckPods()).isEmpty();

        recorded.play(changed("sts", "Pod", pod -> {
            child(metadata(pod), "labels").put("controller-revision-hash", "bad");
            child(pod, "status").put("conditions", unreadySince("2026-11-23T09:00:00Z"));
            status(pod).put("state", Map.of("waiting", Map.of("reason", "CrashLoopBackOff")));
        }));
        assertThat(recorded.stuckPods()).hasSize(1);
        assertThat(recorded.stuckPodsOnTheWayForward())
                .as("it has data: only a way back is worth it")
                .isEmpty();
    }

    @Test
    void podsThatTheSetItselfLeavesAloneAreNotStuck() throws Exception {
        for (Map<String, Object> strategy : List.of(
                Map.<String, Object>of("type", "OnDelete"),
                Map.<String, Object>of("type", "RollingUpdate", "rollingUpdate", Map.of("partition", 1L)))) {
            Recorded recorded = Recorded.oldPods("sts");
            recorded.play(changed("sts", "StatefulSet", set -> spec(set).put("updateStrategy", strategy)));
            recorded.play(changed("sts", "Pod", pod -> {
                child(metadata(pod), "labels").put("controller-revision-hash", "bad");
                child(pod, "status").put("conditions", List.of(Map.of("type", "Ready", "status", "False")));
            }));

            assertThat(recorded.after(Duration.ofMinutes(5)).stuckPods()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | the program ended by itself",
                "126 | 0755",
                "127 | correct its name",
                "137 | SIGKILL",
                "139 | segmentation fault",
                "143 | SIGTERM",
                "0 | use a Job"
            })
    void theHintSaysWhatAnExitCodeMeans(int code, String words) {
        assertThat(ExitCode.hint(code)).contains(words);
    }

    @Test
    void gracesAreSetByName() {
        assertThat(Graces.DEFAULT.with(Map.of())).isEqualTo(Graces.DEFAULT);
        for (String name : Graces.NAMES) {
            boolean count = Set.of("refusedPulls", "exits", "failedStarts").contains(name);
            assertThat(Graces.DEFAULT.with(Map.of(name, count ? "7" : "7s")))
                    .as(name)
                    .isNotEqualTo(Graces.DEFAULT)
                    .extracting(Object::toString)
                    .asString()
                    .contains(name + "=" + (count ? "7" : "PT7S"));
        }
        assertThatThrownBy(() -> Graces.DEFAULT.with(Map.of("schedulling", "5m")))
                .hasMessageContaining("no grace is named 'schedulling'")
                .extracting("hint")
                .isEqualTo("did you mean 'scheduling'?");
        assertThatThrownBy(() -> Graces.DEFAULT.with(Map.of("exits", "3m"))).hasMessageContaining("can't be '3m'");
        assertThatThrownBy(() -> Graces.DEFAULT.with(Map.of("quota", "soon"))).hasMessageContaining("can't be 'soon'");
    }

    private static List<?> unreadySince(String time) {
        return List.of(
                Map.of("type", "Initialized", "status", "True", "lastTransitionTime", "2026-11-23T08:00:00Z"),
                Map.of("type", "Ready", "status", "False", "lastTransitionTime", time));
    }

    @Test
    void aPodThatWasEvictedCountsNoMore() throws Exception {
        Recorded recorded = Recorded.newPods("good");

        Map<String, Object> tree = Tree.copy(find("good", "Pod").tree());
        metadata(tree).put("uid", "evicted");
        metadata(tree).put("name", "evicted");
        child(tree, "status").put("phase", "Failed");
        child(tree, "status").put("reason", "Evicted");
        status(tree).put("restartCount", 5L);
        status(tree).put("state", Map.of("terminated", Map.of("exitCode", 137L)));
        recorded.play(new LiveObject(
                "v1", new ResourceKey("", "Pod", find("good", "Pod").key().namespace(), "evicted"), tree));

        assertThat(recorded.after(Duration.ofSeconds(5)).judged()).isEqualTo(new Done("2 pods ready"));
    }

    @Test
    void aConditionOfAnOlderGenerationIsNotBelieved() throws Exception {
        LiveObject stale = custom(List.of(Map.of("type", "Ready", "status", "True", "observedGeneration", 0L)));

        assertThat(judge(stale)).isInstanceOf(Progressing.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ready", "Available"})
    void anyOtherObjectIsReadyWhenItSaysSo(String type) throws Exception {
        LiveObject silent = custom(List.of());
        LiveObject no = custom(List.of(Map.of("type", type, "status", "False", "reason", "Waiting")));
        LiveObject yes = custom(List.of(Map.of("type", type, "status", "True")));

        assertThat(judge(silent)).isEqualTo(new Done("is there"));
        assertThat(judge(no)).isEqualTo(new Progressing("not ready: Waiting"));
        assertThat(judge(yes)).isEqualTo(new Done("ready"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rpc error: code = NotFound desc = failed to resolve reference \"r/a:1\": r/a:1: not found | ABSENT",
                "manifest for r.example.com/shop/cart:404 not found: manifest unknown | ABSENT",
                "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized | FORBIDDEN",
                "pull access denied for shop/cart, repository does not exist or may require 'docker login' | FORBIDDEN",
                "pulling from host r.example.com failed with status code [manifests 1]: 403 Forbidden | FORBIDDEN",
                "unexpected status code [manifests 1]: 503 Service Unavailable | UNREACHABLE",
                "dial tcp: lookup r.example.com on 10.0.0.2:53: no such host | UNREACHABLE",
                "toomanyrequests: You have reached your pull rate limit | UNREACHABLE",
                "x509: certificate signed by unknown authority | UNREACHABLE",
                "something that nobody has seen before | UNREACHABLE",
                "couldn't parse image reference \"A:1\": invalid reference format | UNUSABLE",
            })
    void wordsOfContainerRuntimesAreUnderstood(String words, PullFailure failure) {
        assertThat(PullFailure.of(words)).isEqualTo(failure);
    }

    private static RolloutState judge(LiveObject live) {
        var snapshot = new Snapshot(
                1,
                Duration.ZERO,
                Map.of(live.key(), live),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of());
        return new RolloutJudge(Graces.DEFAULT, Set.of())
                .judge(Expected.of(new ServedKind("example.com/v1", "Thing", "things", true), live), snapshot);
    }

    private static LiveObject custom(List<?> conditions) {
        return new LiveObject(
                "example.com/v1",
                new ResourceKey("example.com", "Thing", "ns", "a"),
                Map.of(
                        "metadata", Map.of("name", "a", "uid", "1", "generation", 1L),
                        "status", Map.of("conditions", conditions, "observedGeneration", 1L)));
    }

    private static Verdict failed(RolloutState state) {
        assertThat(state).isInstanceOf(Failed.class);
        return ((Failed) state).verdict();
    }

    private static int exits(String file) {
        LiveObject pod = find(file, "Pod");
        return ContainerHistory.exits(
                Tree.list(pod.tree(), "status", "containerStatuses").get(0));
    }

    private static LiveObject changed(String file, String kind, Consumer<Map<String, Object>> change) {
        return changed(find(file, kind), change);
    }

    private static LiveObject changed(LiveObject object, Consumer<Map<String, Object>> change) {
        Map<String, Object> tree = Tree.copy(object.tree());
        change.accept(tree);
        return new LiveObject(object.apiVersion(), object.key(), tree);
    }

    private static LiveObject find(String file, String kind) {
        return new ArrayList<>(Recorded.objects(file, "objects"))
                .stream()
                        .filter(object -> object.key().kind().equals(kind))
                        .findFirst()
                        .orElseThrow();
    }

    private static Map<String, Object> metadata(Map<String, Object> tree) {
        return child(tree, "metadata");
    }

    private static Map<String, Object> annotations(Map<String, Object> tree) {
        return child(metadata(tree), "annotations");
    }

    private static Map<String, Object> spec(Map<String, Object> tree) {
        return child(tree, "spec");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> status(Map<String, Object> pod) {
        return (Map<String, Object>) ((List<?>) child(pod, "status").get("containerStatuses")).get(0);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> tree, String name) {
        return (Map<String, Object>) tree.get(name);
    }
}
