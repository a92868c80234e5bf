package io.jenkins.plugins.lockstep.scaffold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScaffolderTest {

    private static final String REPOSITORY = "registry.example.com/shop/cart";
    private static final ScaffoldOptions NOTHING_SAID = new ScaffoldOptions(null, null, null, List.of());
    private static final ScaffoldOptions REPOSITORY_SAID = new ScaffoldOptions(null, REPOSITORY, null, List.of());

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createDirectories(temporary.resolve("page"));
    }

    @ParameterizedTest
    @MethodSource("io.jenkins.plugins.lockstep.scaffold.SampleSources#all")
    void everyKindGivesAFileThatIsRead(SampleSources sources) {
        sources.writeTo(directory);

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(draft.kind()).isEqualTo(sources.kind());
        Project project = read(draft);
        assertThat(project.app()).isEqualTo(sources.app());
        assertThat(project.images()).containsOnlyKeys(sources.app());
        assertThat(project.environments()).containsOnlyKeys("staging");
        assertThat(image(draft).repository()).hasToString(REPOSITORY);
    }

    @Test
    void aSpringBootProjectGetsItsJarItsJavaAndItsPort() {
        SampleSources.springBootMaven().writeTo(directory);

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(image(draft).application())
                .isEqualTo(ImageDefinition.Application.of("target/cart-1.0-SNAPSHOT.jar"));
        assertThat(draft.base()).isEqualTo("eclipse-temurin:21-jre");
        assertThat(image(draft).ports()).containsExactly(9090);
        assertThat(draft.build()).containsExactly("./mvnw package");
        assertThat(draft.notes()).singleElement().asString().contains("<finalName>cart</finalName>");
        assertThat(draft.text())
                .contains("  from: target/cart-1.0-SNAPSHOT.jar    # what `./mvnw package` makes\n")
                .matches("(?s)(#[^\n]*\n){2}apiVersion: lockstep/v1\napp: cart +# .*");
    }

    @Test
    void aModuleTakesWhatItsParentOnDiskSays() throws IOException {
        write(
                "pom.xml",
                "<project><artifactId>shop</artifactId><version>7</version><packaging>pom</packaging>"
                        + "<modules><module>model</module><module>web</module></modules>"
                        + "<properties><release>11</release><maven.compiler.release>${release}</maven.compiler.release></properties>"
                        + "</project>");
        write("model/pom.xml", module("model", ""));
        write(
                "web/pom.xml",
                module(
                        "web",
                        "<build><finalName>shop-${project.artifactId}</finalName><plugins><plugin>"
                                + "<artifactId>spring-boot-maven-plugin</artifactId><executions><execution><goals><goal>repackage</goal>"
                                + "</goals></execution></executions></plugin></plugins></build>"));

        DeliveryException reactor = failure(REPOSITORY_SAID);
        assertThat(reactor.why()).contains("model, web");
        assertThat(reactor.hint()).contains("lockstep init -C web");

        directory = directory.resolve("web");
        ProjectDraft draft = draft(REPOSITORY_SAID);
        assertThat(image(draft).application()).isEqualTo(ImageDefinition.Application.of("target/shop-web.jar"));
        assertThat(draft.base()).isEqualTo("eclipse-temurin:11-jre");
        assertThat(draft.notes()).singleElement().asString().contains("No port");
    }

    @Test
    void aPomWithEntitiesIsNotRead() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret.txt"), "s3cret");
        write(
                "pom.xml",
                "<!DOCTYPE project [<!ENTITY it SYSTEM \"" + secret.toUri() + "\">]>"
                        + "<project><artifactId>&it;</artifactId></project>");

        DeliveryException failure = failure(REPOSITORY_SAID);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.what()).isEqualTo("this is not valid XML");
        assertThat(failure.getMessage()).doesNotContain("s3cret");
    }

    @Test
    void aPomThatIsNestedWithoutEndIsNotRead() throws IOException {
        write("pom.xml", "<project>" + "<a>".repeat(100_000));

        assertThat(failure(REPOSITORY_SAID).what()).isEqualTo("this is not valid XML");
    }

    @Test
    void aNodeProjectPutsLibrariesFirstAndLeavesTestsOut() {
        SampleSources.node().writeTo(directory);

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(image(draft).layers())
                .extracting(ImageDefinition.Layer::from)
                .containsExactly("node_modules", "lib", "server.js", "package.json");
        assertThat(image(draft).entrypoint()).containsExactly("node", "server.js", "--quiet");
        assertThat(image(draft).workingDirectory()).isEqualTo("/app");
        assertThat(image(draft).ports()).containsExactly(4000);
        assertThat(image(draft).environment()).containsEntry("PORT", "4000").containsEntry("NODE_ENV", "production");
        assertThat(draft.build()).containsExactly("npm ci --omit=dev --no-bin-links");
    }

    @Test
    void aPackageThatIsNoJsonIsRefusedWithItsPlace() throws IOException {
        write("package.json", "{\"name\": ");

        DeliveryException failure = failure(REPOSITORY_SAID);

        assertThat(failure.where()).endsWith("package.json");
        assertThat(failure.hint()).contains("correct it");
    }

    @Test
    void aPackageThatNothingStartsIsRefused() throws IOException {
        write("package.json", "{\"name\": \"cart\", \"scripts\": {\"test\": \"jest\"}}");

        assertThat(failure(REPOSITORY_SAID).what()).isEqualTo("nothing says what starts this package");
    }

    @Test
    void aClassIsChosenOnlyWhereThereIsOne() throws IOException {
        write("pom.xml", SampleSources.pom("", ""));
        assertThat(failure(REPOSITORY_SAID).what()).isEqualTo("no class starts this application");

        write(
                "src/main/java/com/example/One.java",
                "package com.example;\nclass One {\n  public static void main(String[] a) {}\n}");
        assertThat(image(draft(REPOSITORY_SAID)).application())
                .isEqualTo(new ImageDefinition.Application(
                        List.of("target/classes"), List.of(), "com.example.One", null, List.of()));

        write("src/main/kotlin/two.kt", "fun main() {}");
        assertThat(failure(REPOSITORY_SAID).why()).isEqualTo("com.example.One, twoKt");
    }

    /** What copies to another place leaves a jar that does not start where it is. */
    @ParameterizedTest
    @CsvSource({
        "lib/, ${project.build.directory}/lib/, target/cart-1.0.jar,          ''",
        "'',   target,                          target/cart-1.0.jar,          ''",
        "lib/, target/elsewhere,                target/classes,               target/elsewhere",
        "lib/, '',                              target/classes,               target/dependency"
    })
    void aJarWithAClassPathIsTakenWhereItsLibrariesAreCopiedTo(
            String prefix, String copied, String from, String dependencies) throws IOException {
        write(
                "pom.xml",
                SampleSources.pom(
                        "<dependencies><dependency><artifactId>gson</artifactId></dependency></dependencies>",
                        "<plugin><artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest>"
                                + "<addClasspath>true</addClasspath><classpathPrefix>" + prefix + "</classpathPrefix>"
                                + "<mainClass>com.example.Cart</mainClass></manifest></archive></configuration></plugin>"
                                + (copied.isEmpty()
                                        ? ""
                                        : "<plugin><artifactId>maven-dependency-plugin</artifactId><configuration>"
                                                + "<outputDirectory>" + copied
                                                + "</outputDirectory></configuration></plugin>")));

        ImageDefinition.Application application = image(draft(REPOSITORY_SAID)).application();

        assertThat(application.from()).containsExactly(from);
        assertThat(application.dependencies()).isEqualTo(dependencies.isEmpty() ? List.of() : List.of(dependencies));
    }

    @Test
    void aWarOnABaseThatNobodyKnowsSaysWhereItGoes() throws IOException {
        write("pom.xml", SampleSources.pom("<packaging>war</packaging>", ""));

        assertThat(image(draft(REPOSITORY_SAID)).application())
                .isEqualTo(ImageDefinition.Application.of("target/cart-1.0.war"));
        assertThat(image(draft(new ScaffoldOptions(null, REPOSITORY, "registry.example.com/ours/web:1", List.of())))
                        .application())
                .extracting(ImageDefinition.Application::root)
                .isEqualTo("/usr/local/tomcat/webapps/ROOT");
    }

    @ParameterizedTest
    @CsvSource({
        "https://github.com/Shop/cart.git, ghcr.io/shop/cart",
        "git@github.com:shop/mono.git, ghcr.io/shop/mono/cart",
        "https://gitlab.com/shop/team/cart.git, registry.gitlab.com/shop/team/cart"
    })
    void aHostWithARegistryOfItsOwnTellsTheRepository(String origin, String repository) {
        SampleSources.node().writeTo(directory);

        assertThat(new Scaffolder().draft(directory, origin, NOTHING_SAID).repository())
                .isEqualTo(repository);
    }

    @Test
    void aRepositoryThatNothingTellsIsAskedFor() {
        SampleSources.node().writeTo(directory);

        DeliveryException failure = failure(NOTHING_SAID);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.hint()).isEqualTo("say it: --repository registry.example.com/shop/cart");
    }

    @Test
    void wrongOptionsAreRefusedInTheProjectFilesWords() {
        SampleSources.node().writeTo(directory);

        assertThat(failure(new ScaffoldOptions("Cart", REPOSITORY, null, List.of()))
                        .what())
                .contains("'Cart' is not a name");
        assertThat(failure(new ScaffoldOptions(null, REPOSITORY + ":1", null, List.of()))
                        .what())
                .contains("has a tag");
        assertThat(failure(new ScaffoldOptions(null, REPOSITORY, null, List.of("Prod")))
                        .what())
                .contains("'Prod' is not a name");
    }

    @Test
    void severalEnvironmentsGetANamespaceEachAndTheConfigurationThatIsThere() throws IOException {
        SampleSources.node().writeTo(directory);
        write("config/base/a.properties", "a=1\n");
        write("config/production/a.properties", "a=2\n");

        Project project = read(draft(new ScaffoldOptions(null, REPOSITORY, null, List.of("staging", "production"))));

        assertThat(project.environments()).containsOnlyKeys("staging", "production");
        assertThat(project.environment("staging").config()).hasSize(1);
        assertThat(project.environment("production").config()).hasSize(2);
        assertThat(project.environment("production").namespace()).isEqualTo("cart-production");
    }

    @Test
    void manifestsThatNameTheRepositoryNeedNoChange() throws IOException {
        SampleSources.node().writeTo(directory);
        write("k8s/web/deployment.yaml", deployment("registry.example.com:5000/shop/cart:1.2", "web"));
        write("k8s/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n");

        ProjectDraft draft = draft(NOTHING_SAID);

        assertThat(draft.repository()).isEqualTo("registry.example.com:5000/shop/cart");
        assertThat(draft.manifests()).isEqualTo("k8s");
        assertThat(draft.edits()).isEmpty();
        assertThat(read(draft).manifests()).isEqualTo(new Project.Manifests("k8s", false));
    }

    @Test
    void anImageOfAnotherNameIsToldWithItsLine() throws IOException {
        SampleSources.node().writeTo(directory);
        write("deploy/all.yaml", deployment("cart:dev", "web") + "---\n" + deployment("envoyproxy/envoy:v1", "proxy"));

        assertThat(draft(REPOSITORY_SAID).edits())
                .containsExactly(new ProjectDraft.Edit(
                        "deploy/all.yaml:11", "container web of deployment/web", "image: cart:dev", "image: lockstep"));
    }

    @Test
    void aDirectoryWithOtherYamlIsNotTakenAsAWhole() throws IOException {
        SampleSources.node().writeTo(directory);
        write("ops/prometheus.yml", "scrape_configs: []\n");
        write("ops/k8s/cart.yaml", deployment("lockstep", "web"));
        write("docker-compose.yml", "services: {}\n");

        assertThat(draft(REPOSITORY_SAID).manifests()).isEqualTo("ops/k8s");
    }

    @Test
    void ofOneDirectoryForEachEnvironmentTheNamedOneIsTaken() throws IOException {
        SampleSources.node().writeTo(directory);
        write("deploy/production/cart.yaml", deployment("lockstep", "web"));
        write("deploy/staging/cart.yaml", deployment("lockstep", "web"));

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(draft.manifests()).isEqualTo("deploy/staging");
        assertThat(draft.notes()).anyMatch(note -> note.contains("deploy/production, deploy/staging"));
    }

    @Test
    void anOverlayIsRenderedFirst() throws IOException {
        SampleSources.node().writeTo(directory);
        write("deploy/base/kustomization.yaml", "resources: [cart.yaml]\n");
        write("deploy/base/cart.yaml", deployment("cart", "web"));
        write("deploy/overlays/production/kustomization.yaml", "resources: [../../base]\n");
        write("deploy/overlays/staging/kustomization.yaml", "resources: [../../base]\n");

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(read(draft).manifests()).isEqualTo(new Project.Manifests("target/k8s", true));
        assertThat(draft.build())
                .last()
                .isEqualTo("mkdir -p target/k8s && kubectl kustomize deploy/overlays/staging > target/k8s/cart.yaml");
    }

    @Test
    void aChartIsRenderedFirst() throws IOException {
        SampleSources.node().writeTo(directory);
        write("chart/Chart.yaml", "apiVersion: v2\nname: cart\nversion: 1.0.0\n");
        write(
                "chart/templates/deployment.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: {{ .Release.Name }} }\n");
        write("chart/values-staging.yaml", "replicas: 1\n");

        ProjectDraft draft = draft(REPOSITORY_SAID);

        assertThat(read(draft).manifests()).isEqualTo(new Project.Manifests("target/k8s", true));
        assertThat(draft.build())
                .last()
                .isEqualTo("mkdir -p target/k8s && helm template cart chart -f chart/values-staging.yaml"
                        + " > target/k8s/cart.yaml");
    }

    @Test
    void anUnknownKindIsRefusedWithWhatToDo() {
        DeliveryException failure = failure(REPOSITORY_SAID);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.hint()).contains("-C DIR", "layers:");
    }

    private ProjectDraft draft(ScaffoldOptions options) {
        return new Scaffolder().draft(directory, null, options);
    }

    private DeliveryException failure(ScaffoldOptions options) {
        return catchThrowableOfType(DeliveryException.class, () -> draft(options));
    }

    private static Project read(ProjectDraft draft) {
        return new ProjectReader().read("lockstep.yaml", draft.text().getBytes(StandardCharsets.UTF_8));
    }

    private static ImageDefinition image(ProjectDraft draft) {
        return read(draft).images().get(draft.app());
    }

    private static String module(String name, String rest) {
        return "<project><parent><artifactId>shop</artifactId><version>7</version></parent><artifactId>" + name
                + "</artifactId>" + rest + "</project>";
    }

    private static String deployment(String image, String name) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: %2$s }
                spec:
                  selector: { matchLabels: { app: %2$s } }
                  template:
                    metadata: { labels: { app: %2$s } }
                    spec:
                      containers:
                        - name: %2$s
                          image: %1$s
                """
                .formatted(image, name);
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
