package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the sources of a Java application tell, whatever builds it. */
final class JavaSources {

    static final int DEFAULT_PORT = 8080;

    private static final List<Integer> LONG_TERM_RELEASES = List.of(8, 11, 17, 21, 25);
    private static final int DEFAULT_RELEASE = 17;
    private static final int DEEPEST = 30;

    private static final Pattern MAIN = Pattern.compile(
            "(?m)^\\s*(?:public\\s+)?static\\s+(?:public\\s+)?void\\s+main\\s*\\(\\s*(?:final\\s+)?String");
    private static final Pattern KOTLIN_MAIN = Pattern.compile("(?m)^(?:suspend )?fun\\s+main\\s*\\(");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)");
    private static final Pattern SERVER_PORT = Pattern.compile("(?m)^\\s*server\\.port\\s*[=:]\\s*(.*)$");
    private static final Pattern NUMBER = Pattern.compile("(?:\\$\\{\\w+:)?([0-9]{1,5})}?");

    private final SourceTree tree;

    JavaSources(SourceTree tree) {
        this.tree = tree;
    }

    /** Returns the release of Java that has a runtime image and runs classes of {@code version}, such as 17 or 1.8. */
    static int runtime(@Nullable String version) {
        if (version == null || !version.matches("(1\\.)?[0-9]{1,2}")) {
            return DEFAULT_RELEASE;
        }
        int wanted = Integer.parseInt(version.replaceFirst("^1\\.", ""));
        return LONG_TERM_RELEASES.stream()
                .filter(release -> release >= wanted)
                .findFirst()
                .orElse(wanted);
    }

    static String runtimeImage(int release) {
        return "eclipse-temurin:" + release + "-jre";
    }

    /** Returns a servlet container's image: Jakarta EE 9 moved the packages, so that no container runs both. */
    static String servletImage(int release, boolean jakarta) {
        return "tomcat:" + (jakarta ? "10.1" : "9.0") + "-jre" + Math.max(release, 11) + "-temurin";
    }

    /**
     * Finds the one class that has a main method.
     *
     * @param hint how the build names it
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none, or several
     */
    String mainClass(String hint) {
        var found = new ArrayList<String>();
        for (String language : List.of("java", "kotlin")) {
            for (String file : tree.files("src/main/" + language, DEEPEST)) {
                String text = tree.text(file).orElse("");
                boolean kotlin = file.endsWith(".kt");
                if ((file.endsWith(".java") && MAIN.matcher(text).find())
                        || (kotlin && KOTLIN_MAIN.matcher(text).find())) {
                    Matcher name = PACKAGE.matcher(text);
                    String type = file.substring(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
                    found.add((name.find() ? name.group(1) + "." : "") + type + (kotlin ? "Kt" : ""));
                }
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        throw DeliveryException.of(
                        Problem.BAD_INPUT,
                        found.isEmpty()
                                ? "no class starts this application"
                                : "several classes could start this application")
                .where(tree.directory().toString())
                .why(
                        found.isEmpty()
                                ? "none below src/main has a main method, and the build names none"
                                : String.join(", ", found))
                .hint(
                        found.isEmpty()
                                ? "a library needs no image; start lockstep init where the application is: -C DIR"
                                : "let the build say which one: " + hint);
    }

    /** Returns the port that Spring Boot's own properties set, or the one that it has otherwise. */
    int springPort() {
        for (String name : List.of("application.properties", "config/application.properties")) {
            Matcher port =
                    SERVER_PORT.matcher(tree.text("src/main/resources/" + name).orElse(""));
            if (port.find()) {
                return number(port.group(1).strip());
            }
        }
        for (String name : List.of("application.yml", "application.yaml")) {
            String path = "src/main/resources/" + name;
            for (Document document : documents(path)) {
                Object port = Tree.at(document.tree(), "server", "port");
                if (port != null) {
                    return number(port.toString());
                }
            }
        }
        return DEFAULT_PORT;
    }

    private List<Document> documents(String path) {
        try {
            return tree.text(path)
                    .map(text -> new DocumentReader().read(path, text.getBytes(StandardCharsets.UTF_8)))
                    .orElse(List.of());
        } catch (DeliveryException e) {
            return List.of(); // a file that a build tool completes need not be YAML before
        }
    }

    private static int number(String text) {
        Matcher number = NUMBER.matcher(text);
        int port = number.matches() ? Integer.parseInt(number.group(1)) : DEFAULT_PORT;
        return port >= 1 && port <= 65_535 ? port : DEFAULT_PORT;
    }
}
