package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.Gzip;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.LedgerContract;
import io.jenkins.plugins.lockstep.history.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import okhttp3.Interceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ClusterTest
class KubeLedgerTest extends LedgerContract {

    private static final ServedKind ROLES = new ServedKind("rbac.authorization.k8s.io/v1", "Role", "roles", true);
    private static final ServedKind BINDINGS =
            new ServedKind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true);

    private RealCluster real;

    @BeforeEach
    void makeNamespace() {
        real = new RealCluster();
    }

    @AfterEach
    void dropNamespace() {
        real.close();
    }

    @Override
    protected Ledger open() {
        return new KubeLedger(real.client, real.namespace, APP, ENVIRONMENT);
    }

    @Override
    protected Map<String, byte[]> chunks(boolean secret) {
        var chunks = new TreeMap<String, byte[]>();
        ServedKind kind = secret ? KubeClient.SECRETS : KubeClient.CONFIG_MAPS;
        for (var chunk : real.client
                .list(kind, real.namespace, "lockstep.io/ledger=objects", null, false)
                .items()) {
            assertThat(chunk).containsEntry("immutable", true);
            String name = Tree.text(chunk, "metadata", "name");
            String data = Tree.text(chunk, secret ? "data" : "binaryData", "objects.gz");
            chunks.put(
                    name.substring(name.lastIndexOf('-') + 1),
                    Base64.getDecoder().decode(data));
        }
        return chunks;
    }

    @Override
    protected void tamper(String hash, byte[] bytes) {
        String name = "lockstep-cart-production-obj-" + hash;
        var chunk =
                real.client.get(KubeClient.CONFIG_MAPS, real.namespace, name).orElseThrow();
        real.client.delete(KubeClient.CONFIG_MAPS, real.namespace, name, Tree.text(chunk, "metadata", "uid"));
        if (bytes != null) {
            // It is immutable: nobody can do it in place.
            var metadata = new LinkedHashMap<String, Object>();
            metadata.put("name", name);
            metadata.put("labels", Tree.at(chunk, "metadata", "labels"));
            var other = new LinkedHashMap<String, Object>();
            other.put("apiVersion", "v1");
            other.put("kind", "ConfigMap");
            other.put("metadata", metadata);
            other.put("immutable", true);
            other.put("binaryData", Map.of("objects.gz", Base64.getEncoder().encodeToString(bytes)));
            real.client.create(KubeClient.CONFIG_MAPS, real.namespace, other);
        }
    }

    @Override
    protected void loseIndex(int number) {
        var entry = Tree.map(real.client
                .get(KubeClient.CONFIG_MAPS, real.namespace, "lockstep-cart-production-" + number)
                .orElseThrow());
        entry.remove("binaryData");
        assertThat(real.client.update(KubeClient.CONFIG_MAPS, real.namespace, entry))
                .isPresent();
    }

    @Test
    void aReleaseIsAConfigMapThatPeopleCanSelect() {
        Release begun = open().begin(draft("a"), List.of(deployment("one")));
        assertThat(labels(1)).containsEntry("lockstep.io/verdict", "none");

        open().finish(begun.ended(running(), null), List.of());

        assertThat(labels(1))
                .containsEntry("lockstep.io/ledger", "release")
                .containsEntry("lockstep.io/app", APP)
                .containsEntry("lockstep.io/environment", ENVIRONMENT)
                .containsEntry("lockstep.io/release", "1")
                .containsEntry("lockstep.io/revision", "a".repeat(40))
                .containsEntry("lockstep.io/verdict", "running");
    }

    @Test
    void aListIsOneRequestForMetadata() {
        for (int i = 0; i < 3; i++) {
            open().begin(draft("a"), List.of(deployment("one")));
        }
        var requests = new ArrayList<String>();

        assertThat(watched(requests).list()).hasSize(3);

        assertThat(requests).hasSize(1);
        assertThat(requests.get(0)).startsWith("GET ").contains("configmaps?").contains("PartialObjectMetadataList");
    }

    @Test
    void aReleaseAfterAListTakesNoListOfReleasesMore() {
        open().begin(draft("a"), List.of(deployment("one")));
        var requests = new ArrayList<String>();
        Ledger ledger = watched(requests);
        ledger.list();
        // Somebody else takes the next number meanwhile.
        open().begin(draft("b"), List.of(deployment("one")));
        requests.clear();

        assertThat(ledger.begin(draft("c"), List.of(deployment("one"))).number())
                .isEqualTo(3);

        assertThat(requests)
                .as("nothing is listed, chunks neither")
                .noneMatch(request -> request.contains("labelSelector"));
        assertThat(requests).hasSize(4);
        assertThat(requests.get(1)).contains("-obj-").contains("as=PartialObjectMetadata;");
    }

    @Test
    void nothingIsAskedAboutSecretsWhereThereAreNone() {
        var requests = new ArrayList<String>();
        Ledger ledger = watched(requests);

        Release begun = ledger.begin(draft("a"), List.of(deployment("one"), configMap("settings", "open")));
        ledger.finish(begun.ended(running(), null), List.of());
        ledger.begin(draft("b"), List.of(deployment("two"), configMap("settings", "open")));
        ledger.objects(2);

        assertThat(requests).isNotEmpty().noneMatch(request -> request.contains("/secrets"));
    }

    @Test
    void whoHasNoRightOnSecretsReleasesWhatHasNone() {
        Ledger ledger = new KubeLedger(limited(), real.namespace, APP, ENVIRONMENT);

        Release begun = ledger.begin(draft("a"), List.of(deployment("one")));
        ledger.finish(begun.ended(running(), null), List.of());
        assertThat(ledger.list()).hasSize(1);
        assertThat(ledger.objects(1)).containsExactly(deployment("one"));
        ledger.noteHold(before -> new HoldNotes(new HoldNotes.ByHand("jane", Instant.EPOCH, "first"), null));
        ledger.noteHold(before -> new HoldNotes(new HoldNotes.ByHand("joe", Instant.EPOCH, "second"), null));
        assertThat(ledger.holdNotes().hold().by()).isEqualTo("joe");

        var failure = failure(() -> ledger.begin(draft("b"), List.of(deployment("one"), secret())));
        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(failure.what()).contains("secrets");
        assertThat(ledger.list()).as("objects come before the entry").hasSize(1);
    }

    @Test
    void noConfigMapHasASecretsContent() {
        Release begun = open().begin(draft("a"), List.of(deployment("one"), secret()));
        open().finish(begun.ended(running(), null), List.of());

        String hidden = Base64.getEncoder().encodeToString(HIDDEN.getBytes(StandardCharsets.UTF_8));
        for (var map : real.client
                .list(KubeClient.CONFIG_MAPS, real.namespace, null, null, false)
                .items()) {
            assertThat(map.toString()).doesNotContain(HIDDEN).doesNotContain(hidden);
            for (Object packed : Tree.map(map.get("binaryData")).values()) {
                assertThat(unpacked((String) packed)).doesNotContain(HIDDEN);
            }
        }
    }

    @Test
    void theLedgersObjectsAreNotListedAsTheUsers() {
        open().begin(draft("a"), List.of(deployment("one"), secret()));
        assertThat(real.cluster.list(KubeClient.CONFIG_MAPS, real.namespace, null))
                .noneMatch(object -> object.key().name().startsWith("lockstep-"));
        assertThat(real.cluster.list(KubeClient.SECRETS, real.namespace, null))
                .noneMatch(object -> object.key().name().startsWith("lockstep-"));
    }

    @Test
    void evidenceIsCutToWhatAnAnnotationHolds() {
        Release begun = open().begin(draft("a"), List.of());
        List<String> log = IntStream.range(0, 500)
                .mapToObj(i -> "line " + i + " " + "é".repeat(2_000))
                .toList();
        var verdict = new Verdict(Verdict.Code.CRASH_LOOP, "m".repeat(300_000), log, "h".repeat(300_000));

        open().finish(begun.ended(verdict, null), List.of());

        Verdict kept = open().list().get(0).verdict();
        assertThat(kept.code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(kept.message()).endsWith("m…");
        assertThat(kept.evidence()).last().asString().startsWith("line 499 ").endsWith("…");
    }

    @Test
    void longAndOddNamesHaveTheirOwnReleases() {
        var ledgers = List.of(
                        List.of("cart-eu", "prod"),
                        List.of("cart", "eu-prod"),
                        List.of("cart", "eu.prod"),
                        List.of("c".repeat(63), "e".repeat(200)),
                        List.of("c".repeat(63), "e".repeat(201)),
                        List.of("cart", "Prod_EU"),
                        List.of("cart", "prod_eu"),
                        List.of("cart", "ÄÖÜ"))
                .stream()
                .map(names -> new KubeLedger(real.client, real.namespace, names.get(0), names.get(1)))
                .toList();
        for (KubeLedger ledger : ledgers) {
            assertThat(ledger.list()).isEmpty();
            assertThat(ledger.begin(draft("a"), List.of(deployment("one"))).number())
                    .isEqualTo(1);
            assertThat(ledger.list()).hasSize(1);
            assertThat(ledger.objects(1)).hasSize(1);
        }
    }

    private Map<String, Object> labels(int number) {
        return Tree.map(Tree.at(
                real.client
                        .get(KubeClient.CONFIG_MAPS, real.namespace, "lockstep-cart-production-" + number)
                        .orElseThrow(),
                "metadata",
                "labels"));
    }

    private static String unpacked(String packed) {
        try {
            return new String(Gzip.decompress(Base64.getDecoder().decode(packed), 1 << 20), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the ledger over a connection that notes what really goes to the server. */
    private Ledger watched(List<String> requests) {
        KubeConnection one = RealCluster.connect();
        Interceptor note = chain -> {
            var request = chain.request();
            requests.add(request.method() + " " + request.url() + " " + request.header("Accept"));
            return chain.proceed(request);
        };
        var noting = new KubeConnection(
                one.server(),
                one.http().newBuilder().addInterceptor(note).build(),
                one.credentials(),
                one.headers(),
                one.identity(),
                one.namespace());
        return new KubeLedger(new KubeClient(noting, RealCluster.QUICK), real.namespace, APP, ENVIRONMENT);
    }

    /** Acts as a service account that may do with ConfigMaps what the ledger needs, and nothing else. */
    private KubeClient limited() {
        String name = "releaser";
        real.client.create(
                ROLES,
                real.namespace,
                RealCluster.tree(
                        "rbac.authorization.k8s.io/v1",
                        "Role",
                        real.namespace,
                        name,
                        Map.of(
                                "rules",
                                List.of(Map.of(
                                        "apiGroups", List.of(""),
                                        "resources", List.of("configmaps"),
                                        "verbs", List.of("get", "list", "create", "update"))))));
        real.client.create(
                BINDINGS,
                real.namespace,
                RealCluster.tree(
                        "rbac.authorization.k8s.io/v1",
                        "RoleBinding",
                        real.namespace,
                        name,
                        Map.of(
                                "roleRef",
                                Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", name),
                                "subjects",
                                List.of(Map.of("kind", "ServiceAccount", "name", name, "namespace", real.namespace)))));
        KubeConnection one = RealCluster.connect();
        var headers = one.headers()
                .newBuilder()
                .set("Impersonate-User", "system:serviceaccount:" + real.namespace + ":" + name)
                .build();
        return new KubeClient(
                new KubeConnection(
                        one.server(), one.http(), one.credentials(), headers, one.identity(), one.namespace()),
                RealCluster.QUICK);
    }
}
