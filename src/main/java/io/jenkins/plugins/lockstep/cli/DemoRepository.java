package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The demo's Git repository: the sample application, made with the {@code git} that a developer uses. */
final class DemoRepository {

    private static final List<String> FILES = List.of(
            "lockstep.yaml",
            "app/page.txt",
            "app/run.sh",
            "config/base/audience.txt",
            "config/staging/audience.txt",
            "deploy/deployment.yaml",
            "deploy/service.yaml");

    private final Path directory;

    DemoRepository(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Makes the repository with the sample application in its work tree. */
    void create(DemoPlace place) throws InterruptedException {
        for (String file : FILES) {
            write(file, sample(file).replace("@REPOSITORY@", place.repository()).replace("@BASE@", place.base()));
        }
        git("init", "-q");
    }

    void write(String file, String content) {
        try {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits the work tree and returns the new commit's id. */
    String commit(String message) throws InterruptedException {
        git("add", "-A");
        git("commit", "-q", "-m", message);
        return git("rev-parse", "HEAD").strip();
    }

    private String git(String... arguments) throws InterruptedException {
        // Whatever hooks, signatures or line endings a developer has configured, the sample is the same.
        var command = new ArrayList<>(List.of(
                "git",
                "-c",
                "user.name=Lockstep demo",
                "-c",
                "user.email=demo@example.com",
                "-c",
                "commit.gpgSign=false",
                "-c",
                "core.autocrlf=false",
                "-c",
                "core.hooksPath=",
                "-c",
                "init.defaultBranch=main"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw DeliveryException.of(Problem.BAD_INPUT, "git " + arguments[0] + " failed")
                        .where(directory.toString())
                        .why(output.strip());
            }
            return output;
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the demo needs git, and could not start it")
                    .why(e.getMessage())
                    .hint("install Git; Lockstep itself reads repositories without it")
                    .causedBy(e);
        }
    }

    private static String sample(String file) {
        try (InputStream content = DemoRepository.class.getResourceAsStream("demo/sample/" + file)) {
            if (content == null) {
                throw new IllegalStateException("the sample file is not in the jar: " + file);
            }
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
