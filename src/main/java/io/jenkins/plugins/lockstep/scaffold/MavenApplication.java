package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
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
                    Content.ofJar(from),
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
                    Content.ofLayers(
                            List.of(new Layer(
                                    output(".war"), "/usr/local/tomcat/webapps/ROOT.war", "Tomcat serves it at /")),
                            null),
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
            if (jar != null && "true".equals(jar.anywhere("addClasspath")) && jar.anywhere("mainClass") != null) {
                return classPathJar(jar);
            }
            return classes(jar);
        }

        private Application runnableJar(String kind, String jar) {
            return application(
                    kind,
                    JavaSources.runtimeImage(release),
                    Content.ofLayers(
                            List.of(new Layer(jar, "/app/app.jar", "the jar with all that it needs")),
                            List.of("java", "-jar", "/app/app.jar")),
                    List.of(),
                    "package");
        }

        /** A jar whose manifest names its libraries finds them where the manifest says. */
        private Application classPathJar(XmlElement jar) {
            String written = jar.anywhere("classpathPrefix");
            String prefix = (written == null ? "" : pom.interpolate(written)).replaceFirst("^\\./", "");
            XmlElement copying = pom.plugin("maven-dependency-plugin");
            String output = copying == null ? null : copying.anywhere("outputDirectory");
            var layers = new ArrayList<Layer>();
            String goals = "package";
            if (!pom.dependencies().isEmpty()) {
                layers.add(new Layer(
                        output == null
                                ? "target/dependency"
                                : pom.interpolate(output).replaceFirst("^\\./", ""),
                        ("/app/" + prefix).replaceFirst("/$", ""),
                        "libraries, where the jar's Class-Path looks for them"));
                goals = output == null ? "package dependency:copy-dependencies -DincludeScope=runtime" : goals;
            }
            layers.add(new Layer(output(".jar"), "/app/app.jar", "your classes"));
            return application(
                    "Java, jar with Class-Path (Maven)",
                    JavaSources.runtimeImage(release),
                    Content.ofLayers(layers, List.of("java", "-jar", "/app/app.jar")),
                    List.of(),
                    goals);
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
            var layers = new ArrayList<Layer>();
            String goals = "package";
            String classPath = "/app/classes";
            if (!pom.dependencies().isEmpty()) {
                layers.add(new Layer("target/dependency", "/app/lib", "libraries, which change least"));
                goals = "package dependency:copy-dependencies -DincludeScope=runtime";
                classPath += ":/app/lib/*";
            }
            layers.add(new Layer("target/classes", "/app/classes", "your classes"));
            return application(
                    "Java (Maven)",
                    JavaSources.runtimeImage(release),
                    Content.ofLayers(layers, List.of("java", "-cp", classPath, mainClass)),
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
