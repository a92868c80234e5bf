package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The story: two commits, two releases, a bad commit, a rollback. It only changes files, commits, and runs the same
 * commands that a user types; it stops where one of them does not end as it must.
 */
final class DemoStory {

    private final Shell shell;
    private final GlobalOptions options;
    private final DemoPlace place;
    private final Path target;
    private final DemoRepository repository;

    DemoStory(Shell shell, GlobalOptions options, DemoPlace place, Path directory) {
        this.shell = shell;
        this.options = options;
        this.place = place;
        this.target = directory.resolve("target");
        this.repository = new DemoRepository(directory.resolve("greeter"));
    }

    /** Tells the story and returns the exit code: 0, or that of the first command that did not end as it must. */
    int tell() throws InterruptedException {
        try {
            Files.createDirectories(repository.directory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        repository.create(place);
        int ended = firstRelease();
        if (ended == 0) {
            ended = secondRelease();
        }
        if (ended == 0) {
            ended = badCommit();
        }
        if (ended == 0) {
            ended = rollback();
        }
        if (ended == 0) {
            chapter("That was it: every revision is addressable, and every way back is recorded.");
        }
        return ended;
    }

    private int firstRelease() throws InterruptedException {
        chapter("1. A commit becomes an image, its configuration a ConfigMap, both together a release.");
        commit("Greet everybody politely");
        return lockstep(0, "release", "staging") + answers();
    }

    private int secondRelease() throws InterruptedException {
        chapter("2. The next commit changes the page and staging's configuration: one command ships both.");
        repository.write("app/page.txt", "Good evening,\n");
        repository.write("config/staging/audience.txt", "night shift\n");
        commit("Greet the night shift");
        return lockstep(0, "release", "staging") + answers();
    }

    private int badCommit() throws InterruptedException {
        int ended;
        if (place.cluster()) {
            chapter("3. A bad commit: its container crashes. It is judged, and the last good release is restored.");
            repository.write("app/run.sh", "echo 'no such table: greetings' >&2\nexit 1\n");
            commit("Read the greeting from the database");
            ended = lockstep(Problem.ROLLOUT_FAILED.exitCode(), "release", "staging");
        } else {
            chapter("3. A bad commit: its manifest asks for a configuration key that is not there."
                    + " It is refused before anything is written.");
            repository.write(
                    "deploy/deployment.yaml",
                    repository.read("deploy/deployment.yaml").replace("key: audience.txt", "key: audiense.txt"));
            commit("Mistype a configuration key");
            ended = lockstep(Problem.BAD_INPUT.exitCode(), "release", "staging");
        }
        return ended + answers();
    }

    private int rollback() throws InterruptedException {
        chapter("4. Back to the first commit: its recorded image, configuration and objects; nothing is built.");
        int ended = lockstep(0, "rollback", "staging") + answers();
        return ended != 0 ? ended : lockstep(0, "history", "staging");
    }

    private void chapter(String title) {
        boolean color = shell.wantsColor() && !options.noColor;
        shell.out().println();
        shell.out().println(color ? "\u001b[1m" + title + "\u001b[0m" : title);
        shell.out().println();
    }

    private void commit(String message) throws InterruptedException {
        shell.out().println("$ git commit -m '" + message + "'");
        shell.out().println(repository.commit(message));
    }

    /** Runs a command as a user would, and returns 0 if it ended with {@code expected}. */
    private int lockstep(int expected, String... command) {
        String[] arguments = arguments(command);
        shell.out().println("$ lockstep " + String.join(" ", arguments));
        int ended = LockstepCommand.run(inRepository(shell.out()), arguments);
        if (ended == expected) {
            if (expected != 0) {
                shell.out().println("(exit code " + ended + ")");
            }
            return 0;
        }
        shell.err().println("error: the demo expected that command to end with " + expected + ", not " + ended);
        return ended == 0 ? Problem.DEFECT.exitCode() : ended;
    }

    private String[] arguments(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(place.options());
        if (options.noColor) {
            arguments.add("--no-color");
        }
        return arguments.toArray(String[]::new);
    }

    /** What a command prints belongs to the story, so progress and results go the same way. */
    private Shell inRepository(PrintStream out) {
        return new Shell(out, out, shell.variables(), repository.directory(), false, shell.user());
    }

    /** Asks the application itself: each ready pod over HTTP, or the written objects where no pods run. */
    private int answers() throws InterruptedException {
        return place.cluster() ? podAnswers() : writtenObjects();
    }

    private int podAnswers() throws InterruptedException {
        var printed = new ByteArrayOutputStream();
        var quiet = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int ended = LockstepCommand.run(inRepository(quiet), arguments("status", "staging", "--json", "--quiet"));
        if (ended != 0) {
            shell.err().print(printed.toString(StandardCharsets.UTF_8));
            return ended;
        }
        var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        for (String address : readyAddresses(Json.read(printed.toString(StandardCharsets.UTF_8)))) {
            String url = "http://" + address + ":8080/";
            try {
                String answer = client.send(
                                HttpRequest.newBuilder(URI.create(url))
                                        .timeout(Duration.ofSeconds(5))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                shell.out().println("GET " + url + " -> " + answer.strip().replace("\n", " "));
            } catch (IOException e) {
                shell.out().println("GET " + url + " -> not reachable from this machine (" + e.getMessage() + ")");
            }
        }
        return 0;
    }

    private static List<String> readyAddresses(@Nullable Object status) {
        var addresses = new ArrayList<String>();
        for (Object environment : Tree.list(status, "environments")) {
            for (Object pod : Tree.list(environment, "pods")) {
                if (Tree.isTrue(pod, "ready")) {
                    addresses.add(Tree.text(pod, "address"));
                }
            }
        }
        return addresses;
    }

    /** Shows what the written Deployment and its ConfigMap say: which image, which configuration. */
    private int writtenObjects() {
        Path objects = target.resolve("objects/default");
        Object pod = Tree.at(written(objects.resolve("Deployment.apps/greeter.yaml")), "spec", "template", "spec");
        for (Object container : Tree.list(pod, "containers")) {
            shell.out().println("written: the Deployment's image is " + Tree.text(container, "image"));
        }
        for (Object volume : Tree.list(pod, "volumes")) {
            String configMap = Tree.text(volume, "configMap", "name");
            Object content = written(objects.resolve("ConfigMap/" + configMap + ".yaml"));
            shell.out()
                    .println("written: its ConfigMap is " + configMap + ", where audience.txt is '"
                            + Tree.text(content, "data", "audience.txt").strip() + "'");
        }
        return 0;
    }

    private static @Nullable Object written(Path file) {
        try {
            return new DocumentReader()
                    .read(file.toString(), Files.readAllBytes(file))
                    .get(0)
                    .tree();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
