package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;

/**
 * An application that starts no pod and whose image has one small layer, so that a release of it is quick; each of its
 * revisions changes the image, the configuration and every object, and adds and drops some.
 */
final class TinyProject {

    private final TestRepository<?> repository;
    private final String app;

    private TinyProject(TestRepository<?> repository, String app) {
        this.repository = repository;
        this.app = app;
    }

    static TinyProject in(Path directory, String app, String imageRepository) {
        TestRepository<?> repository = GitTestRepository.init(directory)
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: %s
                        image:
                          repository: %s
                          base: scratch
                          layers:
                            - { from: app, to: /app, mode: "0755" }
                          entrypoint: [/app/run]
                        manifests: deploy/
                        environments:
                          staging: { config: config/staging }
                        """
                                .formatted(app, imageRepository));
        return new TinyProject(repository, app);
    }

    ProjectLocation location() {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    Path root() {
        return repository.root();
    }

    String app() {
        return app;
    }

    /** What only the first revision has. */
    String dropped() {
        return app + "-dropped";
    }

    /** What only the second revision has. */
    String extra() {
        return app + "-extra";
    }

    /** What the second revision adds. */
    String worker() {
        return app + "-worker";
    }

    String commitFirst() {
        return common(1).write("deploy/dropped.yaml", configMap(dropped())).commit("first");
    }

    String commitSecond() {
        return common(2)
                .delete("deploy/dropped.yaml")
                .write("deploy/extra.yaml", configMap(extra()))
                .write("deploy/worker.yaml", deployment(worker(), 2))
                .commit("second");
    }

    /** As the second one, with an object that the server refuses once everything else is applied. */
    String commitRefused() {
        repository.write(
                "deploy/refused.yaml",
                "{ apiVersion: apps/v1, kind: ControllerRevision, metadata: { name: " + app
                        + "-refused }, revision: -1, data: { a: b } }\n");
        return commitSecond();
    }

    String commitThird() {
        return common(3).delete("deploy/extra.yaml").commit("third");
    }

    private TestRepository<?> common(int revision) {
        return repository
                .write("app/run", "revision " + revision + "\n")
                .write("config/staging/revision.txt", "revision " + revision + "\n")
                .write("deploy/" + app + ".yaml", deployment(app, revision))
                .write(
                        "deploy/service.yaml",
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: { name: %s }
                        spec:
                          selector: { app: %s }
                          ports:
                            - { port: %d, targetPort: 8080 }
                        """
                                .formatted(app, app, 80 + revision));
    }

    private String deployment(String name, int revision) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: %s, annotations: { revision: "%d" } }
                spec:
                  replicas: 0
                  selector: { matchLabels: { app: %s } }
                  template:
                    metadata: { labels: { app: %s } }
                    spec:
                      containers:
                        - name: main
                          image: lockstep
                          volumeMounts: [{ name: config, mountPath: /config }]
                      volumes:
                        - { name: config, configMap: { name: %s-config } }
                """
                .formatted(name, revision, name, name, app);
    }

    private static String configMap(String name) {
        return "{ apiVersion: v1, kind: ConfigMap, metadata: { name: " + name + " }, data: { a: b } }\n";
    }
}
