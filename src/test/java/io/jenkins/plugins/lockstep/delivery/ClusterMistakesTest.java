package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only a real API server and a real registry refuse: each mistake has its problem, and so its exit code, names the
 * place, says what to do, and leaves cluster and registry as they were.
 */
@ClusterTest
class ClusterMistakesTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path temporary;

    private StoryNamespace namespace;
    private SampleProject project;
    private Delivery delivery;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        project.repository().commit("first");
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void aNamespaceThatIsNotThere() {
        var target = new Target.Kubernetes(TestBed.kubeconfig(), null, "no-such-namespace");

        DeliveryException refused = refused(target);

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(refused.what()).contains("no-such-namespace");
        assertThat(refused.hint()).contains("kubectl create namespace no-such-namespace");
    }

    @Test
    void aKindThatTheServerDoesNotServe() {
        commit("deploy/gateway.yaml", "apiVersion: example.com/v1\nkind: Gateway\nmetadata: { name: cart }\n");

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(refused.what()).contains("Gateway");
        assertThat(refused.where()).isEqualTo("deploy/gateway.yaml:1");
    }

    @Test
    void aChangeThatTheServerFindsInvalid() throws Exception {
        delivery.release(request(namespace.target()), Progress.NONE);
        commit(
                "deploy/service.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: { name: cart }\nspec: { ports: [{ port: 99999 }] }\n");

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(refused.what() + refused.why()).contains("service/cart", "spec.ports[0].port");
        assertThat(refused.where()).startsWith("deploy/service.yaml");
    }

    @Test
    void somebodyWithoutRights() throws Exception {
        Path kubeconfig =
                kubeconfig(text -> text.replaceAll("(?m)^( +)(client-certificate[^\n]*)$", "$1$2\n$1as: joe"));

        DeliveryException refused = refused(new Target.Kubernetes(kubeconfig, null, namespace.name()));

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(refused.what() + refused.why()).contains("joe");
    }

    @Test
    void aServerThatIsNoKubernetes() throws Exception {
        Path kubeconfig = kubeconfig(text -> text.replaceAll("server: [^\n]*", "server: http://" + TestBed.registry()));

        DeliveryException refused = refused(new Target.Kubernetes(kubeconfig, null, namespace.name()));

        assertThat(refused.problem().exitCode()).isEqualTo(5);
        assertThat(refused.where()).contains(TestBed.registry());
        assertThat(refused.what()).isEqualTo("this is no Kubernetes API server");
    }

    @Test
    void aTokenThatTheServerDoesNotKnow() throws Exception {
        Path kubeconfig =
                kubeconfig(text -> text.replaceAll("(?m)^( +)client-certificate[^\n]*$", "$1token: wrong-secret")
                        .replaceAll("(?m)^ +client-key[^\n]*\n", ""));

        DeliveryException refused = refused(new Target.Kubernetes(kubeconfig, null, namespace.name()));

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(refused.getMessage() + refused.why() + refused.hint()).doesNotContain("wrong-secret");
    }

    @Test
    void fieldsThatSomebodyElseOwns() throws Exception {
        delivery.release(request(namespace.target()), Progress.NONE);
        namespace.takeImage("cart", "cart", "example/other:1");
        commit("app/page.txt", "second page\n");
        delivery.build(project.location(), namespace.target(), Progress.NONE);

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem()).isEqualTo(Problem.FIELD_CONFLICT);
        assertThat(refused.what() + refused.why()).contains("image", "somebody");
        assertThat(refused.hint()).contains("--take-ownership");
    }

    @Test
    void aTagThatHoldsAnImageOfAnotherRevision() throws Exception {
        String digest = pushImage("another");

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem()).isEqualTo(Problem.TAG_HELD);
        assertThat(refused.where() + refused.why()).contains(digest);
        assertThat(tagged()).isEqualTo(digest);
    }

    @Test
    void aTagThatHoldsNoImageAtAll() throws Exception {
        String config = pushBlob("{}");
        String digest = pushManifest(manifest("application/vnd.cncf.helm.config.v1+json", config, 2));

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem().exitCode()).isIn(3, 4);
        assertThat(refused.hint()).isNotBlank();
        assertThat(tagged()).isEqualTo(digest);
    }

    @Test
    void aBaseThatTheRegistryDoesNotHave() throws Exception {
        commit("lockstep.yaml", project.file().replace(TestBed.base(), TestBed.registry() + "/no/such/base:1"));

        DeliveryException refused = refused(namespace.target());

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.what()).contains("no/such/base:1");
        assertThat(refused.hint()).contains("base");
    }

    /** Releases, and sees that it is refused with everything left as it was. */
    private DeliveryException refused(Target target) {
        String before = everything();
        DeliveryException refused =
                catchThrowableOfType(DeliveryException.class, () -> delivery.release(request(target), Progress.NONE));
        assertThat(refused).isNotNull();
        assertThat(refused.hint()).isNotBlank();
        assertThat(everything()).isEqualTo(before);
        return refused;
    }

    private DeployRequest request(Target target) {
        return new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR);
    }

    private void commit(String path, String text) {
        project.repository().write(path, text).commit("change");
    }

    /** Every object that a release could have made, with the version that the server gave it. */
    private String everything() {
        var all = new TreeSet<String>();
        for (List<String> kind : List.of(
                List.of("v1", "ConfigMap"),
                List.of("v1", "Service"),
                List.of("v1", "Secret"),
                List.of("apps/v1", "Deployment"))) {
            namespace
                    .list(kind.get(0), kind.get(1))
                    .forEach(live -> all.add(kind.get(1) + " " + live.uid() + " "
                            + ((Map<?, ?>) live.tree().get("metadata")).get("generation")));
        }
        return String.join("\n", all);
    }

    private Path kubeconfig(UnaryOperator<String> change) throws IOException {
        String original = Files.readString(TestBed.kubeconfig());
        String changed = change.apply(original);
        assertThat(changed).isNotEqualTo(original);
        return Files.writeString(temporary.resolve("kubeconfig"), changed);
    }

    private String pushImage(String revision) throws Exception {
        String config = pushBlob(
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"config\":{\"Labels\":{\"org.opencontainers.image.revision\":\""
                        + revision + "\"}}}");
        return pushManifest(manifest("application/vnd.oci.image.config.v1+json", config, 2));
    }

    private static String manifest(String type, String config, int size) {
        return "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"mediaType\":\""
                + type + "\",\"digest\":\"" + config + "\",\"size\":" + size + "},\"layers\":[]}";
    }

    private String pushBlob(String content) throws Exception {
        String digest = digest(content);
        HttpResponse<String> begun =
                send(HttpRequest.newBuilder(registry("/blobs/uploads/")).POST(HttpRequest.BodyPublishers.noBody()));
        String location = begun.headers().firstValue("Location").orElseThrow();
        URI place = registry("/").resolve(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
        assertThat(send(HttpRequest.newBuilder(place).PUT(HttpRequest.BodyPublishers.ofString(content)))
                        .statusCode())
                .isEqualTo(201);
        return digest;
    }

    private String pushManifest(String manifest) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(
                        registry("/manifests/" + project.repository().head()))
                .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return digest(manifest);
    }

    private String tagged() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(
                        registry("/manifests/" + project.repository().head()))
                .header("Accept", "application/vnd.oci.image.manifest.v1+json"));
        return answer.headers().firstValue("Docker-Content-Digest").orElseThrow();
    }

    private URI registry(String path) {
        String repository =
                namespace.imageRepository().substring(TestBed.registry().length());
        return URI.create("http://" + TestBed.registry() + "/v2" + repository + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String digest(String content) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
    }
}
