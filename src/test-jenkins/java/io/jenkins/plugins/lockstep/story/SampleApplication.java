package io.jenkins.plugins.lockstep.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small web server in a Git repository of its own, made with the real {@code git}. */
final class SampleApplication {

    private SampleApplication() {}

    /** Makes the repository; nothing is committed yet. */
    static Path create(Path repository, String imageRepository, String base) throws IOException, InterruptedException {
        Files.createDirectories(repository);
        git(repository, "init", "-q", "-b", "main");
        write(
                repository,
                "lockstep.yaml",
                """
                apiVersion: lockstep/v1
                app: greeter
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
                        .formatted(imageRepository, base));
        write(repository, "config/base/audience.txt", "everybody\n");
        write(repository, "config/staging/audience.txt", "staging team\n");
        write(repository, "app/page.txt", "Good morning,\n");
        write(
                repository,
                "app/run.sh",
                """
                set -e
                busybox mkdir -p /tmp/www
                busybox cat /app/page.txt /config/audience.txt >/tmp/www/index.html
                exec busybox httpd -f -p 8080 -h /tmp/www
                """);
        write(
                repository,
                "deploy/deployment.yaml",
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: greeter
                spec:
                  replicas: 2
                  selector:
                    matchLabels: { app: greeter }
                  template:
                    metadata:
                      labels: { app: greeter }
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - name: greeter
                          image: lockstep
                          ports:
                            - containerPort: 8080
                          readinessProbe:
                            httpGet: { path: /, port: 8080 }
                            periodSeconds: 1
                          volumeMounts:
                            - { name: config, mountPath: /config, readOnly: true }
                      volumes:
                        - name: config
                          configMap:
                            name: greeter-config
                            items:
                              - { key: audience.txt, path: audience.txt }
                """);
        return repository;
    }

    static void write(Path repository, String file, String content) throws IOException {
        Path path = repository.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    static void commit(Path repository, String message) throws IOException, InterruptedException {
        git(repository, "add", "-A");
        git(
                repository,
                "-c",
                "user.name=Ada Lovelace",
                "-c",
                "user.email=ada@example.com",
                "commit",
                "-q",
                "-m",
                message);
    }

    private static void git(Path repository, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        int code = new ProcessBuilder(command)
                .directory(repository.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(command + " ended with " + code);
        }
    }
}
