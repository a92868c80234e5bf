package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.EnvVars;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What agents are sent at once, without Jenkins; {@code FirstBuildIT} has a real agent. */
class AgentClassesTest {

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void listsAreSortedAndNameWhatIsThere(AgentClasses classes) throws Exception {
        List<String> entries = classes.entries();

        assertThat(entries).isNotEmpty().isSorted().doesNotHaveDuplicates();
        assertThat(entries).allSatisfy(entry -> assertThat(AgentClassesTest.class.getClassLoader())
                .as("run FirstBuildIT with -Dlockstep.agent=write")
                .returns(true, loader -> loader.getResource(entry) != null));
    }

    @Test
    void nothingIsSentTwice() throws Exception {
        assertThat(AgentClasses.IMAGES.entries()).doesNotContainAnyElementsOf(AgentClasses.CLUSTERS.entries());
    }

    @Test
    void imagesNeedNoClientOfKubernetes() throws Exception {
        assertThat(AgentClasses.IMAGES.entries())
                .noneMatch(entry -> entry.startsWith("io/kubernetes/")
                        || entry.startsWith("okhttp3/")
                        || entry.startsWith("kotlin/"));
    }

    @Test
    void aJarHoldsWhatThePluginItselfHas() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String element : CLASS_PATH.split(File.pathSeparator)) {
            path.add(Path.of(element).toUri().toURL());
        }
        try (var plugin = new URLClassLoader(path.toArray(URL[]::new), null);
                var other = new URLClassLoader(new URL[0], plugin)) {
            Path jar = AgentClasses.IMAGES.writeTo(directory.resolve("cache"), plugin);

            assertThat(names(jar)).containsExactlyElementsOf(AgentClasses.IMAGES.entries());
            assertThat(Files.size(jar)).isLessThan(6_000_000);
            assertThat(names(AgentClasses.IMAGES.writeTo(directory.resolve("cache"), other)))
                    .as("what only a parent has is another plugin's")
                    .isEmpty();
            try (var files = Files.list(directory.resolve("cache"))) {
                assertThat(files).containsExactly(jar);
            }
        }
    }

    private static List<String> names(Path jar) throws Exception {
        try (var zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(Object::toString).toList();
        }
    }

    /** Otherwise agents ask for them one by one. */
    @Test
    @ClusterTest(kubernetes = false)
    void aBuildLoadsHardlyAnyClassThatIsNotListed() throws Exception {
        GitTestRepository repository = GitTestRepository.init(directory.resolve("workspace"))
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: %s/agent-classes-%s/cart
                          base: %s
                          layers: [{ from: page.txt, to: /page.txt }]
                          entrypoint: [/bin/sh]
                        environments:
                          staging: { config: config, namespace: shop }
                        """
                                .formatted(
                                        TestBed.registry(),
                                        UUID.randomUUID().toString().substring(0, 8),
                                        TestBed.base()))
                .write("page.txt", "one")
                .write("config/greeting.txt", "hello");
        repository.commit("one");
        Path log = directory.resolve("classes.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-Duser.home=" + directory.resolve("home"),
                        "-cp",
                        CLASS_PATH,
                        Building.class.getName(),
                        repository.root().toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();

        Set<String> unlisted = loaded(log);
        assertThat(unlisted).as("the log is read").contains(entry(AgentOperation.class.getName()));
        unlisted.removeAll(new HashSet<>(AgentClasses.IMAGES.entries()));
        assertThat(unlisted).as("run FirstBuildIT with -Dlockstep.agent=write").hasSizeLessThanOrEqualTo(12);
    }

    /** Returns the classes that this plugin would bring; logging is Jenkins' own, and annotations nobody brings. */
    private static Set<String> loaded(Path log) throws Exception {
        Pattern ours = Pattern.compile(
                "(?:\\[[^]]*])+ (\\S+) source: file:(?!.*(?:jenkins-api|test-classes|slf4j|commons-logging|jsr305|error_prone)).*");
        var loaded = new TreeSet<String>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = ours.matcher(line);
            if (matcher.matches()) {
                loaded.add(entry(matcher.group(1)));
            }
        }
        return loaded;
    }

    private static String entry(String name) {
        return name.replace('.', '/') + ".class";
    }

    /** What a first {@code lockstepBuild} has done on an agent. */
    static final class Building {

        private Building() {}

        public static void main(String[] arguments) throws Exception {
            File workspace = new File(arguments[0]);
            TaskListener listener =
                    () -> new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
            RunContext context = RunContexts.of("ada", new Build(), new EnvVars());
            Outcome built = new AgentOperation(
                            Operation.of(Kind.BUILD), context, Map.of(), listener, new AwaitedWatch(number -> {}), null)
                    .invoke(workspace, null);
            byte[] bundle = new AgentBundling(
                            new ProjectArguments(null, null, null, null),
                            new TargetArguments(null, null, null, null),
                            null,
                            null,
                            Map.of(),
                            context,
                            Map.of(),
                            listener)
                    .invoke(workspace, null);
            System.exit(built.problem().isEmpty() && bundle.length > 0 ? 0 : 1);
        }
    }
}
