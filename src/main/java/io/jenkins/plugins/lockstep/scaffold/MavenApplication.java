package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.scaffold.Application.Content;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An application that Maven builds: Spring Boot, Quarkus, a WAR, or plain Java in one of its usual shapes. */
final class MavenApplication implements Recogniser {

    static final Pattern SPRING_WEB = Pattern.compile(
            "spring-boot-starter-(web|webflux|webmvc|jersey|web-services|data-rest|graphql|websocket|undertow|jetty)");

    private static final String BOOT_PLUGIN = "spring-boot-maven-plugin";
    private static final String BOOT_PARENT = "spring-boot-starter-parent";
    private static final Pattern OLD_SERVLET = Pattern.compile("javax\\.servlet-api|servlet-api|javaee-(web-)?api");

    @Override
    public Optional<Application> recognise(SourceTree tree) {
        if (!tree.isFile("pom.xml")) {
            return Optional.empty();
        }
        Pom pom = Pom.read(tree.directory().resolve("pom.xml"));
        return pom == null ? Optional.empty() : Optional.of(new Reading(tree, pom).application());
    }

    /** One project. */
    private static final class Reading {

        private final SourceTree tree;
        private final Pom pom;
        private final JavaSources sources;
        private final int release;
        private final List<String> notes = new ArrayList<>();

        Reading(SourceTree tree, Pom pom) {
            this.tree = tree;
            this.pom = pom;
            this.sources = new JavaSources(tree);
            this.release = JavaSources.runtime(version());
        }

        Application application() {
            refuseReactor();
            noteVersionedName();
            boolean boot = pom.plugin(BOOT_PLUGIN) != null || pom.hasParent(BOOT_PARENT);
            if (boot) {
                return springBoot();
            }
            if (pom.plugin("quarkus-maven-plugin") != null) {
                return quarkus();
            }
            return pom.packaging().equals("war") ? war() : plainJava();
        }

        private @Nullable String version() {
            XmlElement compiler = pom.plugin("maven-compiler-plugin");
            String configured = compiler == null ? null : compiler.text("configuration", "release");
            return configured != null
                    ? pom.interpolate(configured)
                    : pom.property(
                            "maven.compiler.release", "java.version", "maven.compiler.target", "maven.compiler.source");
        }

        private void refuseReactor() {
            if (!pom.packaging().equals("pom")) {
                return;
            }
            List<String> modules = pom.modules();
            throw DeliveryException.of(Problem.BAD_INPUT, "this Maven project makes no jar of its own")
                    .where(tree.directory().resolve("pom.xml").toString())
                    .why(modules.isEmpty() ? "its packaging is pom" : "its modules are " + String.join(", ", modules))
                    .hint(
                            modules.isEmpty()
                                    ? "start lockstep init where the application is: -C DIR"
                                    : "each application has a project file of its own, for example: lockstep init -C "
                                            + likely(modules));
        }

        /** A module that makes an application, if the files tell. */
        private String likely(List<String> modules) {
            for (String module : modules) {
                Pom candidate = Pom.read(tree.directory().resolve(module).resolve("pom.xml"));
                if (candidate != null
                        && (candidate.plugin(BOOT_PLUGIN) != null
                                || candidate.packaging().equals("war"))) {
                    return module;
                }
            }
            return modules.get(0);
        }

        /** Each release of the project would need another project file. */
        private void noteVersionedName() {
            if (!pom.hasFinalName()) {
                notes.add("The jar's name holds the version: set <finalName>" + pom.artifactId()
                        + "</finalName> in pom.xml (below <build>), so that `from` stays right.");
            }
        }

        private Application springBoot() {
            XmlElement plugin = pom.plugin(BOOT_PLUGIN);
            if (plugin == null) {
                notes.add(
                        "pom.xml does not use spring-boot-maven-plugin: add it below <build><plugins>, so that the jar"
                                + " holds all that it needs.");
            } else if (!pom.hasParent(BOOT_PARENT) && !"repackage".equals(plugin.anywhere("goal"))) {
                notes.add("spring-boot-maven-plugin needs its goal repackage (or the parent " + BOOT_PARENT + ").");
            }
            String classifier = plugin == null ? null : plugin.anywhere("classifier");
            boolean war = pom.packaging().equals("war");
            String from = output((classifier == null ? "" : "-" + classifier) + (war ? ".war" : ".jar"));
            return application(
                    "Spring Boot (Maven)",
                    JavaSources.runtimeImage(release),
                    Content.ofArchive(from),
                    war || pom.depends(SPRING_WEB) ? List.of(sources.springPort()) : List.of(),
                    "package");
        }

        private Application quarkus() {
            notes.removeIf(note -> note.contains("finalName"));
            return application(
                    "Quarkus (Maven)",
                    JavaSources.runtimeImage(Math.max(release, 17)),
                    Content.ofLayers(
                            List.of(
                                    new Layer("target/quarkus-app/lib", "/app/lib", "libraries, which change least"),
                                    new Layer("target/quarkus-app/quarkus", "/app/quarkus", "what Quarkus generated"),
                                    new Layer(
                                            "target/quarkus-app/quarkus-run.jar", "/app/quarkus-run.jar", "the start"),
                                    new Layer("target/quarkus-app/app", "/app/app", "your classes")),
                            List.of("java", "-jar", "/app/quarkus-run.jar")),
                    List.of(JavaSources.DEFAULT_PORT),
                    "package");
        }

        private Application war() {
            boolean jakarta = !pom.depends(OLD_SERVLET);
            return application(
                    "WAR (Maven)",
                    JavaSources.servletImage(release, jakarta),
                    Content.ofArchive(output(".war")),
                    List.of(JavaSources.DEFAULT_PORT),
                    "package");
        }

        private Application plainJava() {
            if (pom.plugin("maven-shade-plugin") != null) {
                return runnableJar("Java, one jar (Maven shade)", output(".jar"));
            }
            XmlElement assembly = pom.plugin("maven-assembly-plugin");
            if (assembly != null && "jar-with-dependencies".equals(assembly.anywhere("descriptorRef"))) {
                return runnableJar("Java, one jar (Maven assembly)", output("-jar-with-dependencies.jar"));
            }
            XmlElement jar = pom.plugin("maven-jar-plugin");
            if (jar != null && findsItsLibraries(jar)) {
                return runnableJar("Java, jar with Class-Path (Maven)", output(".jar"));
            }
            return classes(jar);
        }

        private Application runnableJar(String kind, String jar) {
            return application(kind, JavaSources.runtimeImage(release), Content.ofArchive(jar), List.of(), "package");
        }

        /** Tells whether the build puts the libraries where the jar's manifest says, seen from {@code target}. */
        private boolean findsItsLibraries(XmlElement jar) {
            if (!"true".equals(jar.anywhere("addClasspath")) || jar.anywhere("mainClass") == null) {
                return false;
            }
            String written = jar.anywhere("classpathPrefix");
            String prefix = written == null ? "" : pom.interpolate(written);
            Optional<String> wanted = RepositoryPath.resolve("target", prefix);
            return pom.dependencies().isEmpty() || (wanted.isPresent() && wanted.equals(copiedLibraries()));
        }

        /** Where the build itself copies libraries to. */
        private Optional<String> copiedLibraries() {
            XmlElement copying = pom.plugin("maven-dependency-plugin");
            return Optional.ofNullable(copying == null ? null : copying.anywhere("outputDirectory"))
                    .flatMap(directory -> RepositoryPath.resolve("", pom.interpolate(directory)));
        }

        private Application classes(@Nullable XmlElement jar) {
            String named = jar == null ? null : jar.anywhere("mainClass");
            XmlElement exec = pom.plugin("exec-maven-plugin");
            if (named == null && exec != null) {
                named = exec.anywhere("mainClass");
            }
            String mainClass = named != null
                    ? pom.interpolate(named)
                    : sources.mainClass("set <mainClass> in the manifest of maven-jar-plugin");
            notes.removeIf(note -> note.contains("finalName"));
            String dependencies = null;
            String goals = "package";
            if (!pom.dependencies().isEmpty()) {
                Optional<String> copied = copiedLibraries();
                dependencies = copied.orElse("target/dependency");
                goals = copied.isPresent() ? goals : "package dependency:copy-dependencies -DincludeScope=runtime";
            }
            return application(
                    "Java (Maven)",
                    JavaSources.runtimeImage(release),
                    Content.ofClasses("target/classes", dependencies, mainClass),
                    List.of(),
                    goals);
        }

        private String output(String ending) {
            String name = pom.finalName();
            if (name.contains("${")) {
                name = pom.artifactId(); // as the note about finalName asks for
                notes.add("Only Maven knows the jar's name in target/: check `from` in the project file.");
            }
            return "target/" + name + ending;
        }

        private Application application(String kind, String base, Content content, List<Integer> ports, String goals) {
            String maven = tree.isFile("mvnw") ? "./mvnw" : "mvn";
            return new Application(
                    kind, pom.artifactId(), base, content, ports, List.of(maven + " " + goals), List.copyOf(notes));
        }
    }
}
