package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Path;

/** An application that starts no pod, with an image of one small layer: what is left is what Lockstep does. */
final class ScaleApplication {

    static final String ENVIRONMENT = "staging";
    private static final Actor ACTOR = new Actor("bench", null);

    private final GitTestRepository repository;
    private final Path home;
    private final Target target;

    ScaleApplication(Path directory, String name, String namespace, Target target) {
        this.home = directory.resolveSibling("home");
        directory.getParent().toFile().mkdirs();
        this.target = target;
        this.repository = GitTestRepository.init(directory)
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: %s
                        image:
                          repository: %s/%s/%s
                          base: scratch
                          layers: [{ from: app, to: /app, mode: "0755" }]
                          entrypoint: [/app/run]
                        manifests: deploy/
                        environments:
                          staging: { config: config }
                        """
                                .formatted(name, TestBed.registry(), namespace, name))
                .write(
                        "deploy/deployment.yaml",
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: { name: %s }
                        spec:
                          replicas: 0
                          selector: { matchLabels: { app: %s } }
                          template:
                            metadata: { labels: { app: %s } }
                            spec: { containers: [{ name: main, image: lockstep }] }
                        """
                                .formatted(name, name, name));
    }

    /** Commits a change of the image and of the configuration. */
    ScaleApplication commit(int revision) {
        repository
                .write("app/run", "revision " + revision + "\n")
                .write("config/revision.txt", "revision " + revision + "\n")
                .commit("revision " + revision);
        return this;
    }

    ScaleApplication write(String path, String text) {
        repository.write(path, text);
        return this;
    }

    ProjectLocation location() {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    Target target() {
        return target;
    }

    /** Returns operations that share nothing with others, as each operation of a Jenkins controller has them. */
    Delivery delivery() {
        return new DeliveryFactory(java.util.Map.of("HOME", home.toString())).delivery();
    }

    DeployResult release() throws InterruptedException, IOException {
        return good(delivery()
                .release(
                        new DeployRequest(location(), ENVIRONMENT, target, RolloutSettings.DEFAULT, ACTOR),
                        Progress.NONE));
    }

    DeployResult rollBack() throws InterruptedException, IOException {
        return good(delivery()
                .rollback(
                        new RollbackRequest(
                                location(), ENVIRONMENT, "previous", target, RolloutSettings.DEFAULT, ACTOR),
                        Progress.NONE));
    }

    private static DeployResult good(DeployResult result) throws IOException {
        if (!result.verdict().isGood()) {
            throw new IOException(result.verdict().toString());
        }
        return result;
    }
}
