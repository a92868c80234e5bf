package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ServletContainer;
import io.jenkins.plugins.lockstep.image.SourceUrl;
import io.jenkins.plugins.lockstep.manifest.ContainerImages.ContainerImage;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import io.jenkins.plugins.lockstep.scaffold.ExistingManifests.Found;
import io.jenkins.plugins.lockstep.scaffold.ProjectDraft.Edit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Drafts the project file of a repository that has none. Only reads. Stateless. */
public final class Scaffolder {

    private static final String DEFAULT_ENVIRONMENT = "staging";
    private static final int LONGEST_APP = 50;
    private static final String PLACEHOLDER = "lockstep";

    /** The likelier one first: whoever has a pom.xml and a package.json mostly has a front end beside a server. */
    private static final List<Recogniser> RECOGNISERS = List.of(
            new MavenApplication(),
            new GradleApplication(),
            new GoApplication(),
            new NodeApplication(),
            new StaticSite());

    /**
     * Looks at a project's directory, as it is on disk, and drafts its project file. The draft has been read by
     * {@link ProjectReader}.
     *
     * @param directory where the project file will be
     * @param originUrl where the clone came from, null where nobody knows
     * @param options what the user says
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the project is of no known kind, or no image can be made
     *     of it as it is; {@link Problem#BAD_USAGE} where the image repository can't be known, or an option is wrong
     */
    public ProjectDraft draft(Path directory, @Nullable String originUrl, ScaffoldOptions options) {
        var tree = new SourceTree(directory);
        Application application = recognise(tree);
        String app = options.app() != null ? options.app() : nameOf(application.name(), tree.name());
        List<String> environments =
                options.environments().isEmpty() ? List.of(DEFAULT_ENVIRONMENT) : options.environments();
        Found manifests = new ExistingManifests(tree, environments).find(app);
        Repository repository = repository(options, originUrl, app, manifests);
        String base = options.base() != null ? options.base() : application.base();

        String text = text(tree, application, app, environments, manifests, repository, base);
        check(text);
        var build = new ArrayList<>(application.build());
        if (manifests.render() != null) {
            build.add(manifests.render());
        }
        var notes = new ArrayList<>(application.notes());
        notes.addAll(manifests.notes());
        if (application.ports().isEmpty() && manifests.from() == null) {
            notes.add("No port was found: list those that it listens on under image.ports, and it gets a Service.");
        }
        return new ProjectDraft(
                application.kind(),
                app,
                repository.name(),
                base,
                environments,
                manifests.from(),
                text,
                List.copyOf(build),
                edits(manifests, repository.name(), app),
                List.copyOf(notes));
    }

    private static Application recognise(SourceTree tree) {
        return RECOGNISERS.stream()
                .flatMap(recogniser -> recogniser.recognise(tree).stream())
                .findFirst()
                .orElseThrow(() -> DeliveryException.of(Problem.BAD_INPUT, "this is no project that init knows")
                        .where(tree.directory().toString())
                        .why("there is no pom.xml, build.gradle, go.mod or package.json, and no index.html")
                        .hint("start it in the application's directory (-C DIR), or write lockstep.yaml by hand:"
                                + " `layers:` takes any files, see docs/project-file.md"));
    }

    /** Makes a name that a Service may have too. */
    private static String nameOf(String found, String directory) {
        for (String candidate : List.of(found, directory)) {
            String name = candidate
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9]+", "-")
                    .replaceFirst("^[^a-z]+", "");
            name = name.substring(0, Math.min(LONGEST_APP, name.length())).replaceFirst("-+$", "");
            if (!name.isEmpty()) {
                return name;
            }
        }
        return "app";
    }

    /** An image repository, and how it is known. */
    private record Repository(String name, String reason) {}

    private static Repository repository(
            ScaffoldOptions options, @Nullable String originUrl, String app, Found manifests) {
        if (options.repository() != null) {
            ImageReference reference = ImageReference.parse(options.repository());
            if (reference.tag() != null || reference.digest() != null) {
                throw DeliveryException.of(
                                Problem.BAD_USAGE,
                                "the repository '" + options.repository() + "' has a tag or a digest")
                        .hint("write '" + reference.repository() + "': the tag is always the revision");
            }
            return new Repository(options.repository(), "where images are pushed; the tag is always the revision");
        }
        return ofManifests(manifests, app)
                .map(name -> new Repository(name, "as your manifests name it; the tag is always the revision"))
                .or(() -> Optional.ofNullable(originUrl)
                        .flatMap(url -> ofOrigin(url, app))
                        .map(name ->
                                new Repository(name, "the registry of your Git host: correct it if it is another")))
                .orElseThrow(() -> DeliveryException.of(
                                Problem.BAD_USAGE, "nothing tells where images are to be pushed")
                        .why("no manifest names an image of this application, and the origin is no host with a registry"
                                + " of its own")
                        .hint("say it: --repository registry.example.com/shop/" + app));
    }

    /** Takes the one image that can be this application's. */
    private static Optional<String> ofManifests(Found manifests, String app) {
        Set<String> repositories = new LinkedHashSet<>();
        for (ContainerImage container : manifests.containers()) {
            repositoryOf(container.image()).filter(name -> name.contains("/")).ifPresent(repositories::add);
        }
        Optional<String> named =
                repositories.stream().filter(name -> name.endsWith("/" + app)).findFirst();
        return named.isPresent() || repositories.size() != 1
                ? named
                : Optional.of(repositories.iterator().next());
    }

    private static Optional<String> repositoryOf(String image) {
        if (image.equals(PLACEHOLDER) || image.startsWith(PLACEHOLDER + "/")) {
            return Optional.empty();
        }
        String withoutDigest = image.replaceFirst("@.*$", "");
        int colon = withoutDigest.lastIndexOf(':');
        String name = colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(0, colon) : withoutDigest;
        try {
            ImageReference.parse(name);
            return Optional.of(name);
        } catch (DeliveryException e) {
            return Optional.empty(); // a placeholder of some tool
        }
    }

    private static Optional<String> ofOrigin(String originUrl, String app) {
        return SourceUrl.normalised(originUrl).flatMap(url -> {
            String place = url.replaceFirst("^https://", "").toLowerCase(Locale.ROOT);
            String registry = place.startsWith("github.com/")
                    ? "ghcr.io/"
                    : place.startsWith("gitlab.com/") ? "registry.gitlab.com/" : "";
            String path = place.substring(place.indexOf('/') + 1);
            String name = path.endsWith("/" + app) || path.equals(app) ? path : path + "/" + app;
            try {
                return registry.isEmpty()
                        ? Optional.empty()
                        : Optional.of(ImageReference.parse(registry + name).repository());
            } catch (DeliveryException e) {
                return Optional.empty();
            }
        });
    }

    /** Finds what has to change so that a container runs the released image: nothing where one names the repository. */
    private static List<Edit> edits(Found manifests, String repository, String app) {
        List<ContainerImage> containers = manifests.containers();
        boolean pinned = containers.stream()
                .anyMatch(container -> container.image().equals(PLACEHOLDER)
                        || container.image().equals(PLACEHOLDER + "/" + app)
                        || repositoryOf(container.image())
                                .filter(repository::equals)
                                .isPresent());
        if (pinned) {
            return List.of();
        }
        List<ContainerImage> likely = containers.stream()
                .filter(container -> container.name().equals(app)
                        || repositoryOf(container.image())
                                .filter(name -> name.substring(name.lastIndexOf('/') + 1)
                                        .equals(app))
                                .isPresent())
                .toList();
        return (likely.isEmpty() ? containers : likely)
                .stream()
                        .map(container -> new Edit(
                                container.place(),
                                "container " + container.name() + " of " + container.workload(),
                                "image: " + container.image(),
                                "image: " + PLACEHOLDER))
                        .toList();
    }

    private static String text(
            SourceTree tree,
            Application application,
            String app,
            List<String> environments,
            Found manifests,
            Repository repository,
            String base) {
        var file = new ProjectFileText()
                .line("# What Lockstep builds and where it runs; Lockstep's docs/project-file.md has every key.")
                .line("# Written by `lockstep init` for: " + application.kind())
                .line("apiVersion: lockstep/v1")
                .line("app: " + ProjectFileText.scalar(app), "the name of all that is made for it")
                .line("image:")
                .line("  repository: " + ProjectFileText.scalar(repository.name()), repository.reason())
                .line(
                        "  base: " + ProjectFileText.scalar(base),
                        "its tag may move: `lockstep lock` writes down what it is now");
        content(file, application, base);
        if (manifests.from() != null) {
            String from = ProjectFileText.scalar(manifests.from());
            file.line(
                    manifests.generated() ? "manifests: { from: " + from + ", generated: true }" : "manifests: " + from,
                    manifests.what());
        }
        environments(file, tree, app, environments);
        return file.text();
    }

    private static void content(ProjectFileText file, Application application, String base) {
        Application.Content content = application.content();
        String maker = application.build().isEmpty()
                ? ""
                : "what `" + application.build().get(application.build().size() - 1) + "` makes";
        if (content.from() != null) {
            application(file, application, base, maker);
        } else {
            file.line("  layers:", "what changes least comes first");
            for (Layer layer : content.layers()) {
                String mode = layer.mode() == null ? "" : ", mode: \"" + layer.mode() + "\"";
                file.line(
                        "    - { from: " + ProjectFileText.scalar(layer.from()) + ", to: "
                                + ProjectFileText.scalar(layer.to()) + mode + " }",
                        layer.what());
            }
        }
        List<String> entrypoint = content.entrypoint();
        if (entrypoint != null) {
            file.line("  entrypoint: " + ProjectFileText.list(entrypoint), "no shell takes it apart");
            if (content.layers().stream().anyMatch(layer -> layer.to().startsWith("/app/"))) {
                file.line("  workdir: /app", "where it starts");
            }
        }
        if (!content.env().isEmpty()) {
            String variables = content.env().entrySet().stream()
                    .map(variable -> variable.getKey() + ": " + quoted(variable))
                    .collect(Collectors.joining(", "));
            file.line("  env: { " + variables + " }", "the same in every environment");
        }
        if (!application.ports().isEmpty()) {
            file.line("  ports: " + application.ports(), "TCP ports that it listens on");
        }
    }

    private static void application(ProjectFileText file, Application application, String base, String maker) {
        Application.Content content = application.content();
        String from = Objects.requireNonNull(content.from());
        file.line("  from: " + ProjectFileText.scalar(from), maker);
        if (content.dependencies() != null) {
            file.line("  dependencies: " + ProjectFileText.scalar(content.dependencies()), "the libraries beside it");
        }
        if (content.main() != null) {
            file.line("  main: " + ProjectFileText.scalar(content.main()), "the class that starts");
        }
        if (ServletContainer.webRoot(base).isEmpty()) {
            ServletContainer.webRoot(application.base())
                    .ifPresent(root ->
                            file.line("  appRoot: " + root, "where the base looks: correct it if it is elsewhere"));
        }
    }

    private static String quoted(Map.Entry<String, String> variable) {
        return ProjectFileText.scalar(Objects.requireNonNull(variable.getValue()));
    }

    private static void environments(ProjectFileText file, SourceTree tree, String app, List<String> environments) {
        file.line("environments:", "where it runs: lockstep release NAME");
        boolean base = hasFiles(tree, "config/base");
        if (base) {
            file.line("  base: { abstract: true, config: config/base }", "what all environments share");
        }
        for (String environment : environments) {
            var keys = new ArrayList<String>();
            if (base) {
                keys.add("extends: base");
            }
            String config = "config/" + environment;
            if (hasFiles(tree, config)) {
                keys.add("config: " + ProjectFileText.scalar(config));
            }
            // In one namespace they would fight over the same objects.
            if (environments.size() > 1) {
                keys.add("namespace: " + ProjectFileText.scalar(app + "-" + environment));
            }
            file.line(
                    "  " + ProjectFileText.scalar(environment) + ":"
                            + (keys.isEmpty() ? " {}" : " { " + String.join(", ", keys) + " }"),
                    environments.size() > 1
                            ? "the namespace must be there"
                            : "in the namespace of the kubeconfig's context; or add `namespace:`");
        }
    }

    private static boolean hasFiles(SourceTree tree, String directory) {
        return tree.isDirectory(directory) && !tree.files(directory, 5).isEmpty();
    }

    /** Reads the draft as every command will. */
    private static void check(String text) {
        try {
            new ProjectReader().read("lockstep.yaml", text.getBytes(StandardCharsets.UTF_8));
        } catch (DeliveryException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, e.what())
                    .why(e.why())
                    .hint(e.hint())
                    .causedBy(e);
        }
    }
}
