package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code pom.xml} says, with what it inherits from parents that are on disk. It is no model of Maven: profiles,
 * imports and parents of a repository are not looked at.
 */
final class Pom {

    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^${}]+)}");
    private static final int MOST_PARENTS = 5;
    private static final int MOST_REPLACEMENTS = 20;

    private final XmlElement project;
    private final @Nullable Pom parent;

    private Pom(XmlElement project, @Nullable Pom parent) {
        this.project = project;
        this.parent = parent;
    }

    /**
     * Reads a file and the parents that it names by path.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is no XML
     */
    static @Nullable Pom read(Path file) {
        return read(file, 0);
    }

    private static @Nullable Pom read(Path file, int depth) {
        String text = SourceTree.text(file).orElse(null);
        if (text == null || depth > MOST_PARENTS) {
            return null;
        }
        XmlElement project;
        try {
            project = XmlElement.read(text);
        } catch (XMLStreamException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this is not valid XML")
                    .where(file
                            + (e.getLocation() == null
                                    ? ""
                                    : ":" + e.getLocation().getLineNumber()))
                    .hint("Maven could not read it either; document types and entities are not read")
                    .causedBy(e);
        }
        return new Pom(project, parent(project, file, depth));
    }

    private static @Nullable Pom parent(XmlElement project, Path file, int depth) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        if (project.at("parent") == null || directory == null) {
            return null;
        }
        String path = project.at("parent", "relativePath") == null
                ? "../pom.xml"
                : project.text("parent", "relativePath"); // an empty one says: in no directory
        if (path == null) {
            return null;
        }
        Path place = directory.resolve(path).normalize();
        Pom found = read(place.toString().endsWith(".xml") ? place : place.resolve("pom.xml"), depth + 1);
        // Whatever stands one directory up need not be the one that is meant.
        return found != null && found.artifactId().equals(project.text("parent", "artifactId")) ? found : null;
    }

    String artifactId() {
        String own = project.text("artifactId");
        return own == null ? "" : own;
    }

    String packaging() {
        String own = project.text("packaging");
        return own == null ? "jar" : own;
    }

    List<String> modules() {
        return project.children("modules").stream()
                .map(module -> module.text() == null ? "" : String.valueOf(module.text()))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Returns the artifact's name without its ending; a property that only Maven knows stays in it. */
    String finalName() {
        String own = inherited("build", "finalName");
        return interpolate(own != null ? own : "${project.artifactId}-${project.version}");
    }

    boolean hasFinalName() {
        return inherited("build", "finalName") != null;
    }

    /** Returns the first of these properties that is set, resolved; null where none is. */
    @Nullable
    String property(String... names) {
        for (String name : names) {
            String value = inherited("properties", name);
            if (value != null) {
                return interpolate(value);
            }
        }
        return null;
    }

    /** Tells whether this or an inherited parent is Spring Boot's. */
    boolean hasParent(String artifactId) {
        return artifactId.equals(project.text("parent", "artifactId"))
                || (parent != null && parent.hasParent(artifactId));
    }

    /** Returns a plugin that the build runs, its own declaration before an inherited one; null where it runs none. */
    @Nullable
    XmlElement plugin(String artifactId) {
        for (XmlElement plugin : project.children("build", "plugins")) {
            if (artifactId.equals(plugin.text("artifactId"))) {
                return plugin;
            }
        }
        return parent == null ? null : parent.plugin(artifactId);
    }

    /** Tells whether a dependency that comes along at run time has such an artifact id. */
    boolean depends(Pattern artifactId) {
        return dependencies().stream().anyMatch(name -> artifactId.matcher(name).matches());
    }

    /** Returns the artifact ids of the dependencies, those of tests left out. */
    List<String> dependencies() {
        var names = new ArrayList<String>();
        for (XmlElement dependency : project.children("dependencies")) {
            String name = dependency.text("artifactId");
            if (name != null && !"test".equals(dependency.text("scope"))) {
                names.add(name);
            }
        }
        if (parent != null) {
            names.addAll(parent.dependencies());
        }
        return names;
    }

    /** Replaces properties as far as the files tell them. */
    String interpolate(String text) {
        String result = text;
        for (int i = 0; i < MOST_REPLACEMENTS; i++) {
            Matcher matcher = PROPERTY.matcher(result);
            boolean replaced = false;
            while (matcher.find()) {
                String value = value(matcher.group(1));
                if (value != null) {
                    result = result.substring(0, matcher.start()) + value + result.substring(matcher.end());
                    replaced = true;
                    break;
                }
            }
            if (!replaced) {
                return result;
            }
        }
        return result;
    }

    private @Nullable String value(String name) {
        return switch (name) {
            case "project.artifactId", "artifactId" -> artifactId();
            case "project.version", "version" -> version();
            case "project.build.directory" -> "target";
            case "project.build.finalName" -> {
                String finalName = inherited("build", "finalName");
                yield finalName == null ? artifactId() + "-${project.version}" : finalName;
            }
            default -> inherited("properties", name);
        };
    }

    private @Nullable String version() {
        String own = project.text("version");
        return own != null ? own : project.text("parent", "version");
    }

    private @Nullable String inherited(String... path) {
        String own = project.text(path);
        return own != null || parent == null ? own : parent.inherited(path);
    }
}
