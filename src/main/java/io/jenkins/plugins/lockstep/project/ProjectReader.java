package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.manifest.RunOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a project file and checks all of it, so that a mistake anywhere is found before anything is done.
 *
 * <p>Every key of every environment is checked, the abstract ones included. Stateless.
 */
public final class ProjectReader {

    static final String API_VERSION = "lockstep/v1";

    private static final List<String> KEYS = List.of(
            "apiVersion",
            "app",
            "image",
            "images",
            "manifests",
            "run",
            "environments",
            "allowChanges",
            "sources",
            "source",
            "version",
            "keep",
            "graces");

    private static final List<String> GRACES =
            List.of("reference", "registry", "scheduling", "quota", "volumeClaim", "imagePull");

    private static final Pattern DURATION = Pattern.compile("(?:[0-9]+(?:ms|s|m|h))+");

    /**
     * Reads a project file.
     *
     * @param file the file's path from the repository's root: errors name it, and paths in it are relative to it
     * @param content UTF-8 text
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file and line, and the nearest right word
     */
    public Project read(String file, byte[] content) {
        List<Document> documents = new DocumentReader().read(file, content);
        if (documents.isEmpty() || documents.get(0).tree() == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the project file is empty")
                    .where(file)
                    .hint("start with `apiVersion: " + API_VERSION + "`");
        }
        if (documents.size() > 1) {
            throw documents.get(1).mistake("", "a project file is one document").hint("remove the line `---`");
        }
        Section top = Section.of(documents.get(0));
        String version = top.requireString("apiVersion", "start with `apiVersion: " + API_VERSION + "`");
        if (!version.equals(API_VERSION)) {
            throw top.mistake("apiVersion", "the version '" + version + "' is not known")
                    .hint("this Lockstep reads " + API_VERSION);
        }
        top.rejectUnknown(KEYS);
        String app = top.requireString("app", "name the application, for example `app: cart`");
        Names.label(top, "app", app, Names.LONGEST_APP);
        checkGraces(top.section("graces"));

        var directory = new ProjectDirectory(RepositoryPath.parent(file));
        Map<String, ImageDefinition> images = new ImagesReader(directory).read(top, app);
        Project.Manifests manifests = manifests(top, directory);
        Map<String, Environment> environments = new EnvironmentsReader(directory).read(top.section("environments"));
        return new Project(
                file,
                app,
                images,
                manifests,
                run(top.section("run")),
                environments,
                abstractEnvironments(top.section("environments"), environments.keySet()),
                top.strings("allowChanges"),
                top.string("source"),
                top.string("version"),
                new ProjectInputs(file, directory.named(), sources(top, directory)),
                keep(top.section("keep")),
                notActedOn(top));
    }

    private static List<String> abstractEnvironments(@Nullable Section environments, Set<String> others) {
        return environments == null
                ? List.of()
                : environments.keys().stream()
                        .filter(name -> !others.contains(name))
                        .toList();
    }

    private static List<ProjectInputs.Source> sources(Section top, ProjectDirectory directory) {
        var sources = new ArrayList<ProjectInputs.Source>();
        List<String> globs = top.strings("sources");
        for (int i = 0; i < globs.size(); i++) {
            String key = "sources[" + i + "]";
            sources.add(new ProjectInputs.Source(
                    globs.get(i), Names.inside(top, key, directory, globs.get(i)), top.place(key)));
        }
        return sources;
    }

    /** Guards that a team may rely on: one that is only read must not be taken for one that works. */
    private static List<String> notActedOn(Section top) {
        var places = new ArrayList<String>();
        if (top.has("graces")) {
            places.add(top.place("graces") + ": graces");
        }
        Section environments = top.section("environments");
        if (environments == null) {
            return List.copyOf(places);
        }
        for (String name : environments.keys()) {
            Section environment = environments.section(name);
            if (environment == null) {
                continue;
            }
            for (String key : List.of("after", "history", "hold")) {
                if (environment.has(key) && !"any".equals(environment.value(key))) {
                    places.add(environment.place(key) + ": " + key);
                }
            }
        }
        return List.copyOf(places);
    }

    private static Project.@Nullable Manifests manifests(Section top, ProjectDirectory directory) {
        if (!(top.value("manifests") instanceof Map)) {
            String from = top.string("manifests");
            if (from == null) {
                return null;
            }
            Names.path(top, "manifests", directory, from);
            return new Project.Manifests(from, false);
        }
        Section section = top.section("manifests");
        if (section == null) {
            return null;
        }
        section.rejectUnknown(List.of("from", "generated"));
        String from = section.requireString("from", "name a file or a directory with Kubernetes YAML");
        Names.path(section, "from", directory, from);
        return new Project.Manifests(from, section.flag("generated", false));
    }

    private static RunOptions run(@Nullable Section section) {
        if (section == null) {
            return RunOptions.NONE;
        }
        section.rejectUnknown(List.of("pullSecret", "serviceAccount", "resources", "probes"));
        return new RunOptions(
                objectName(section, "pullSecret"),
                objectName(section, "serviceAccount"),
                trees(section, "resources", List.of("limits", "requests", "claims")),
                trees(section, "probes", List.of("readiness", "liveness", "startup")));
    }

    private static @Nullable String objectName(Section section, String key) {
        String name = section.string(key);
        if (name != null) {
            Names.subdomain(section, key, name);
        }
        return name;
    }

    private static Map<String, @Nullable Object> trees(Section parent, String key, List<String> known) {
        var trees = new LinkedHashMap<String, @Nullable Object>();
        Section section = parent.section(key);
        if (section != null) {
            section.rejectUnknown(known);
            for (String name : section.keys()) {
                if (!name.equals("claims")) {
                    section.section(name);
                }
                if (section.has(name)) {
                    trees.put(name, section.value(name));
                }
            }
        }
        return trees;
    }

    private static Project.Keep keep(@Nullable Section keep) {
        if (keep == null) {
            return Project.Keep.DEFAULT;
        }
        keep.rejectUnknown(List.of("releases", "days"));
        Integer releases = keep.integer("releases", 1, 100_000);
        Integer days = keep.integer("days", 1, 100_000);
        return new Project.Keep(
                releases == null ? Project.Keep.DEFAULT.releases() : releases,
                days == null ? Project.Keep.DEFAULT.days() : days);
    }

    private static void checkGraces(@Nullable Section graces) {
        if (graces != null) {
            graces.rejectUnknown(GRACES);
            for (String cause : graces.keys()) {
                String grace = graces.string(cause);
                if (grace != null && !DURATION.matcher(grace).matches()) {
                    throw graces.mistake(cause, "'" + grace + "' is not a duration")
                            .hint("write it like 30s, 2m or 1m30s");
                }
            }
        }
    }
}
