package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.scaffold.Application.Content;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An application that Gradle builds: Spring Boot, a WAR, one shadow jar, or the {@code application} plugin. A build
 * script is a program; only what it writes down plainly is read.
 */
final class GradleApplication implements Recogniser {

    private static final Pattern COMMENT = Pattern.compile("/\\*[\\s\\S]*?\\*/|(?m)(?<=^|\\s)//.*$");
    private static final Pattern BOOT = plugin("org\\.springframework\\.boot", "spring\\.?boot");
    private static final Pattern SHADOW = plugin("com\\.(github\\.johnrengelman|gradleup)\\.shadow", "shadow");
    private static final Pattern WAR = plugin("war", "war");
    private static final Pattern APPLICATION = plugin("application", "application");
    private static final Pattern MAIN_CLASS =
            Pattern.compile("\\bmainClass(?:Name)?(?:\\s*=|\\.set\\s*\\(|\\s)\\s*['\"]([\\w.$]+)['\"]");
    private static final Pattern ROOT_NAME = Pattern.compile("rootProject\\.name\\s*=\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern INCLUDE =
            Pattern.compile("(?m)^\\s*include\\s*\\(?\\s*((?:['\"][^'\"]+['\"][\\s,]*)+)");
    private static final Pattern QUOTED = Pattern.compile("['\"]:?([^'\"]+)['\"]");
    private static final Pattern VERSION = Pattern.compile("(?m)^version\\s*=?\\s*['\"]([^'\"$]+)['\"]");
    private static final Pattern VERSION_PROPERTY = Pattern.compile("(?m)^version\\s*=\\s*(\\S+)\\s*$");
    private static final Pattern ARCHIVE_NAME =
            Pattern.compile("archiveFileName(?:\\s*=|\\.set\\s*\\()\\s*['\"]([^'\"$]+)['\"]");
    private static final Pattern JAVA_VERSION = Pattern.compile(
            "(?:JavaLanguageVersion\\.of\\(|jvmToolchain\\(|VERSION_(?:1_)?|(?:source|target)Compatibility\\s*=\\s*['\"]?)"
                    + "(1\\.8|[0-9]{1,2})");
    private static final Pattern OLD_SERVLET = Pattern.compile("javax\\.servlet");

    /** Matches how a plugin is applied, by id, by a name of a version catalog, or in the old way. */
    private static Pattern plugin(String id, String alias) {
        return Pattern.compile("(?m)\\bid\\s*\\(?\\s*['\"]" + id + "['\"]|apply\\s+plugin:\\s*['\"]" + id + "['\"]"
                + "|^\\s*`?" + id + "`?\\s*$|alias\\s*\\(\\s*libs\\.plugins\\.(?:[\\w.]*\\.)?" + alias + "\\s*\\)");
    }

    @Override
    public Optional<Application> recognise(SourceTree tree) {
        String file = tree.isFile("build.gradle.kts") ? "build.gradle.kts" : "build.gradle";
        String settings = read(tree, "settings.gradle.kts") + read(tree, "settings.gradle");
        if (!tree.isFile(file) && settings.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Reading(tree, file, read(tree, file), settings).application());
    }

    private static String read(SourceTree tree, String file) {
        return COMMENT.matcher(tree.text(file).orElse("")).replaceAll("");
    }

    /** One project. */
    private static final class Reading {

        private final SourceTree tree;
        private final String file;
        private final String script;
        private final String settings;
        private final JavaSources sources;
        private final String name;
        private final int release;
        private final List<String> notes = new ArrayList<>();

        Reading(SourceTree tree, String file, String script, String settings) {
            this.tree = tree;
            this.file = file;
            this.script = script;
            this.settings = settings;
            this.sources = new JavaSources(tree);
            String root = first(ROOT_NAME, settings);
            this.name = root == null ? tree.name() : root;
            this.release = JavaSources.runtime(first(JAVA_VERSION, script));
        }

        Application application() {
            if (BOOT.matcher(script).find()) {
                boolean war = WAR.matcher(script).find();
                return application(
                        "Spring Boot (Gradle)",
                        JavaSources.runtimeImage(release),
                        Content.ofArchive(archive("", war ? ".war" : ".jar")),
                        war || MavenApplication.SPRING_WEB.matcher(script).find()
                                ? List.of(sources.springPort())
                                : List.of(),
                        war ? "bootWar" : "bootJar");
            }
            if (WAR.matcher(script).find()) {
                boolean jakarta = !OLD_SERVLET.matcher(script).find();
                return application(
                        "WAR (Gradle)",
                        JavaSources.servletImage(release, jakarta),
                        Content.ofArchive(archive("", ".war")),
                        List.of(JavaSources.DEFAULT_PORT),
                        "war");
            }
            if (SHADOW.matcher(script).find()) {
                return application(
                        "Java, one jar (Gradle shadow)",
                        JavaSources.runtimeImage(release),
                        Content.ofArchive(archive("-all", ".jar")),
                        List.of(),
                        "shadowJar");
            }
            if (APPLICATION.matcher(script).find()) {
                return installed();
            }
            throw noApplication();
        }

        private Application installed() {
            String named = first(MAIN_CLASS, script);
            String mainClass = named != null ? named : sources.mainClass("application { mainClass = '…' } in " + file);
            return application(
                    "Java (Gradle application)",
                    JavaSources.runtimeImage(release),
                    Content.ofLayers(
                            List.of(new Layer(
                                    "build/install/" + name + "/lib", "/app/lib", "your jar and its libraries")),
                            List.of("java", "-cp", "/app/lib/*", mainClass)),
                    List.of(),
                    "installDist");
        }

        private DeliveryException noApplication() {
            var parts = new ArrayList<String>();
            Matcher include = INCLUDE.matcher(settings);
            while (include.find()) {
                Matcher part = QUOTED.matcher(include.group(1));
                while (part.find()) {
                    parts.add(part.group(1).replace(':', '/'));
                }
            }
            return DeliveryException.of(Problem.BAD_INPUT, "this Gradle build makes no application here")
                    .where(tree.directory().resolve(file).toString())
                    .why(
                            parts.isEmpty()
                                    ? "it uses none of the plugins org.springframework.boot, war, shadow and application"
                                    : "its projects are " + String.join(", ", parts))
                    .hint(
                            parts.isEmpty()
                                    ? "a library needs no image; an application needs `id 'application'`, for example"
                                    : "each application has a project file of its own, for example: lockstep init -C "
                                            + parts.get(0));
        }

        private String archive(String classifier, String ending) {
            String fixed = first(ARCHIVE_NAME, script);
            if (fixed != null) {
                return "build/libs/" + fixed;
            }
            String version = first(VERSION, script);
            if (version == null) {
                version = first(VERSION_PROPERTY, tree.text("gradle.properties").orElse(""));
            }
            if (version != null) {
                notes.add("The archive's name holds the version: set archiveFileName = '" + name + ending + "' in "
                        + file + ", so that the project file stays right.");
            }
            return "build/libs/" + name + (version == null ? "" : "-" + version) + classifier + ending;
        }

        private Application application(String kind, String base, Content content, List<Integer> ports, String task) {
            String gradle = tree.isFile("gradlew") ? "./gradlew" : "gradle";
            return new Application(kind, name, base, content, ports, List.of(gradle + " " + task), List.copyOf(notes));
        }

        private static @Nullable String first(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            return matcher.find() ? matcher.group(1) : null;
        }
    }
}
