package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.config.ConfigMapRenderer;
import io.jenkins.plugins.lockstep.config.Configuration;
import io.jenkins.plugins.lockstep.config.ConfigurationReader;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.DefaultWorkload;
import io.jenkins.plugins.lockstep.manifest.HelmHooks;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.manifest.RenderContext;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.Renderer;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Renders what an environment gets of a revision: its configuration, then its manifests, pinned to both and the images. */
final class Rendering {

    private final OpenProject open;
    private final Environment environment;
    private final String namespace;
    private final Scopes scopes;

    /** Renders for a place that can be asked. */
    Rendering(OpenProject open, Environment environment, Destination destination) {
        this(open, environment, destination.namespace(), destination.scopes());
    }

    /**
     * Renders for a place that need not be reached.
     *
     * @param namespace where objects go that name none
     */
    Rendering(OpenProject open, Environment environment, String namespace, Scopes scopes) {
        this.open = open;
        this.environment = environment;
        this.namespace = namespace;
        this.scopes = scopes;
    }

    /** Renders the ConfigMap alone; empty where the environment has no configuration. */
    Optional<RenderedObject> configMap() {
        return configMap(configuration());
    }

    /** Renders everything, with the images that the release takes. */
    RenderedRelease release(List<ReleasedImage> images, Progress progress) {
        Configuration configuration = configuration();
        Optional<RenderedObject> configMap = configMap(configuration);
        var objects = new ArrayList<RenderedObject>();
        configMap.ifPresent(objects::add);
        var renderer = new Renderer();
        RenderContext context = context(images, configuration, configMap);
        List<RenderedObject> rendered = renderer.render(manifests(configuration, progress), context);
        for (String image : renderer.unusedImages(rendered, context)) {
            progress.warn("no manifest uses image '" + image + "': write image: lockstep where it belongs");
        }
        objects.addAll(rendered);
        objects.addAll(new Autoscalers(environment, progress)
                .of(rendered, ReleaseRun.replicas(environment.replicas(), images)));
        return new RenderedRelease(
                images, configMap.map(map -> map.key().name()).stream().toList(), objects);
    }

    private Configuration configuration() {
        return new ConfigurationReader().read(environment.config(), open.files(), open.repositoryDirectory());
    }

    private Optional<RenderedObject> configMap(Configuration configuration) {
        return new ConfigMapRenderer().render(open.project().app(), namespace, configuration);
    }

    private List<Manifest> manifests(Configuration configuration, Progress progress) {
        Project project = open.project();
        Project.Manifests source = project.manifests();
        if (source == null) {
            return defaultWorkload(configuration);
        }
        if (!source.generated()) {
            return new HelmHooks(progress)
                    .resolve(new ManifestReader().read(open.files(), inRepository(source.from())));
        }
        if (!open.isCheckedOut()) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT,
                            "the manifests of revision " + open.revision().shortId() + " can't be read here")
                    .where(project.file())
                    .why("they are generated (" + source.from() + "), and the work tree is at another commit")
                    .hint("check the revision out and generate them, or deploy the bundle that `lockstep plan ENV --out"
                            + " FILE` made of them");
        }
        open.requireNoUncommittedChanges();
        return new HelmHooks(progress)
                .resolve(new ManifestReader()
                        .readGenerated(open.directory().resolve(source.from().replace('\\', '/')), source.from()));
    }

    private String inRepository(String path) {
        return RepositoryPath.resolve(open.repositoryDirectory(), path)
                .orElseThrow(() -> DeliveryException.of(Problem.BAD_INPUT, "the manifests are outside the repository")
                        .where(open.project().file())
                        .why("manifests: " + path));
    }

    private List<Manifest> defaultWorkload(Configuration configuration) {
        Project project = open.project();
        var components = new ArrayList<DefaultWorkload.Component>();
        for (ImageDefinition image : project.images().values()) {
            components.add(new DefaultWorkload.Component(image.name(), image.ports()));
        }
        return new DefaultWorkload()
                .manifests(
                        project.file(),
                        project.app(),
                        components,
                        project.run(),
                        new DefaultWorkload.Config(
                                ContentName.logical(project.app()),
                                paths(configuration),
                                new TreeSet<>(configuration.variables().keySet())));
    }

    /** Where a mounted file goes, by its key: the path that it has in the repository. */
    private static SortedMap<String, String> paths(Configuration configuration) {
        var paths = new TreeMap<String, String>();
        configuration.files().keySet().forEach(path -> paths.put(Configuration.key(path), path));
        return paths;
    }

    private RenderContext context(
            List<ReleasedImage> images, Configuration configuration, Optional<RenderedObject> configMap) {
        var byName = new LinkedHashMap<String, String>();
        var byRepository = new LinkedHashMap<String, String>();
        for (ReleasedImage image : images) {
            byName.put(image.name(), image.reference().toString());
            byRepository.put(image.reference().repository(), image.reference().toString());
            // Manifests name what the project file names, also where the caller keeps images somewhere else.
            byRepository.put(
                    open.declaredRepository(image.name()).repository(),
                    image.reference().toString());
        }
        return new RenderContext(
                environment.name(),
                namespace,
                scopes,
                byName,
                byRepository,
                new RenderContext.ReleasedConfig(
                        ContentName.logical(open.project().app()),
                        configMap.map(map -> map.key().name()).orElse(null),
                        configuration.keys()));
    }
}
