package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small application in a real repository: a page, a configuration, a Deployment and a Service. */
final class SampleProject {

    private final TestRepository<?> repository;

    private SampleProject(TestRepository<?> repository) {
        this.repository = repository;
    }

    /** Makes a Git repository; nothing is committed yet. */
    static SampleProject in(Path directory, String imageRepository, String base) {
        return in(GitTestRepository.init(directory), imageRepository, base);
    }

    /** Fills a new repository; nothing is committed yet. */
    static SampleProject in(TestRepository<?> repository, String imageRepository, String base) {
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: %s
                          base: %s
                          layers:
                            - { from: app, to: /app }
                          entrypoint: [/bin/busybox, sh, /app/run.sh]
                          ports: [8080]
                        manifests: deploy/
                        environments:
                          base:    { abstract: true, config: config/base }
                          staging: { extends: [base], config: config/staging }
                        """
                                .formatted(imageRepository, base))
                .write("app/page.txt", "first page\n")
                .write(
                        "app/run.sh",
                        """
                        set -e
                        mkdir -p /tmp/www
                        cat /app/page.txt /config/audience.txt >/tmp/www/index.html
                        exec httpd -f -p 8080 -h /tmp/www
                        """)
                .write("config/base/audience.txt", "everybody\n")
                .write("config/base/limits.properties", "most=10\n")
                .write("config/staging/audience.txt", "first testers\n")
                .write("deploy/cart.yaml", deployment(2))
                .write(
                        "deploy/service.yaml",
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: { name: cart }
                        spec:
                          selector: { app: cart }
                          ports:
                            - { port: 80, targetPort: 8080 }
                        """);
        return new SampleProject(repository);
    }

    static String deployment(int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: cart }
                spec:
                  replicas: %d
                  selector: { matchLabels: { app: cart } }
                  template:
                    metadata: { labels: { app: cart } }
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - name: cart
                          image: lockstep
                          ports: [{ containerPort: 8080 }]
                          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
                          volumeMounts: [{ name: config, mountPath: /config }]
                      volumes:
                        - { name: config, configMap: { name: cart-config } }
                """
                .formatted(replicas);
    }

    TestRepository<?> repository() {
        return repository;
    }

    /** Returns the project file as it is in the work tree. */
    String file() throws IOException {
        return Files.readString(repository.root().resolve("lockstep.yaml"));
    }

    ProjectLocation location() {
        return at(null);
    }

    ProjectLocation at(String revision) {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), revision, null);
    }
}
