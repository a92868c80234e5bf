package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundledRelease;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.project.Environment;
import java.util.Optional;

/** Loads an environment's configuration into its ConfigMap, and does nothing else. */
final class LoadConfig {

    private final Connections connections;

    LoadConfig(Connections connections) {
        this.connections = connections;
    }

    ConfigResult run(ProjectLocation project, String environmentName, Target target, Progress progress) {
        try (OpenProject open = OpenProject.open(connections.repositories(), project)) {
            Environment environment = open.project().environment(environmentName);
            progress.step("revision " + open.revision().id());
            try (Destination destination =
                    connections.destination(target, open.project().app(), environment)) {
                RenderedObject configMap = new Rendering(open, environment, destination)
                        .configMap()
                        .orElseThrow(() -> DeliveryException.of(
                                        Problem.BAD_INPUT, "environment '" + environmentName + "' has no configuration")
                                .where(open.project().file())
                                .hint("name its directory: config: config/" + environmentName));
                return load(
                        open.project().app(),
                        environment.name(),
                        open.revision().id(),
                        configMap,
                        destination,
                        progress);
            }
        }
    }

    /** Loads what a bundle has rendered. */
    ConfigResult run(PlannedDeployRequest request, Progress progress) {
        String environmentName = request.environment();
        Bundle bundle = BundleFiles.read(request.bundle(), environmentName);
        Environment environment = bundle.environment(environmentName);
        BundledRelease release = bundle.release(environmentName);
        progress.step("revision " + bundle.revision());
        RenderedObject configMap = release.objects().stream()
                .filter(object -> object.key().kind().equals("ConfigMap")
                        && release.configMaps().contains(object.key().name()))
                .findFirst()
                .orElseThrow(() -> DeliveryException.of(
                                Problem.BAD_INPUT, "environment '" + environmentName + "' has no configuration")
                        .where(request.bundle().place())
                        .hint("name its directory in the project file: config: config/" + environmentName));
        try (Destination destination = connections.destination(request.target(), bundle.app(), environment)) {
            DeployPlanned.requireSamePlace(request, release, destination);
            return load(bundle.app(), environmentName, bundle.revision(), configMap, destination, progress);
        }
    }

    private static ConfigResult load(
            String app,
            String environment,
            String revision,
            RenderedObject configMap,
            Destination destination,
            Progress progress) {
        // As a release writes it, so that it is known for what it is; nothing on it differs from one to the next.
        boolean created = load(configMap, new Stamp(app, environment, revision, 0, ""), destination.cluster());
        progress.step(configMap.key() + (created ? " is there now" : " was there already"));
        return new ConfigResult(
                app,
                environment,
                revision,
                destination.namespace(),
                configMap.key().name(),
                created);
    }

    /** The name says the content and the object is immutable: one that is there is the right one. */
    private static boolean load(RenderedObject configMap, Stamp stamp, Cluster cluster) {
        if (!cluster.hasNamespace(configMap.key().namespace())) {
            throw DeliveryException.of(
                            Problem.CLUSTER_REJECTED,
                            "there is no namespace " + configMap.key().namespace())
                    .where(cluster.location())
                    .hint("make it: kubectl create namespace " + configMap.key().namespace());
        }
        Optional<ServedKind> kind =
                cluster.served(configMap.apiVersion(), configMap.key().kind());
        ServedKind served = kind.orElseThrow(
                () -> DeliveryException.of(Problem.CLUSTER_REJECTED, "the server does not serve ConfigMaps")
                        .where(cluster.location()));
        if (cluster.get(served, configMap.key()).isPresent()) {
            return false;
        }
        cluster.apply(
                served,
                configMap.key(),
                stamp.on(configMap, true),
                new Cluster.ApplyMode(Cluster.MANAGER, false, false));
        return true;
    }
}
