package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.scaffold.Application.Content;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Go module with one program. */
final class GoApplication implements Recogniser {

    private static final Pattern MODULE = Pattern.compile("(?m)^module\\s+\"?([^\\s\"]+)");
    private static final Pattern MAIN = Pattern.compile("(?m)^package\\s+main\\b");

    @Override
    public Optional<Application> recognise(SourceTree tree) {
        Optional<String> text = tree.text("go.mod");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher module = MODULE.matcher(text.get());
        String path = module.find() ? module.group(1).replaceFirst("/v[0-9]+$", "") : tree.name();
        String name = path.substring(path.lastIndexOf('/') + 1);
        String program = program(tree, name);
        String binary = "target/" + name;
        return Optional.of(new Application(
                "Go",
                name,
                "gcr.io/distroless/static-debian12:nonroot",
                Content.ofLayers(
                        List.of(new Layer(binary, "/usr/local/bin/" + name, "0755", "the program")),
                        List.of("/usr/local/bin/" + name)),
                List.of(),
                List.of("CGO_ENABLED=0 GOOS=linux go build -trimpath -o " + binary + " " + program),
                List.of()));
    }

    private static String program(SourceTree tree, String name) {
        if (isMain(tree, "")) {
            return ".";
        }
        List<String> programs = tree.names("cmd").stream()
                .filter(directory -> isMain(tree, "cmd/" + directory))
                .toList();
        if (programs.contains(name)) {
            return "./cmd/" + name;
        }
        if (programs.size() == 1) {
            return "./cmd/" + programs.get(0);
        }
        throw DeliveryException.of(
                        Problem.BAD_INPUT,
                        programs.isEmpty() ? "this Go module has no program" : "this Go module has several programs")
                .where(tree.directory().resolve("go.mod").toString())
                .why(
                        programs.isEmpty()
                                ? "there is no package main at its root or below cmd/"
                                : "cmd/" + String.join(", cmd/", programs))
                .hint("start lockstep init where the program is: -C DIR"
                        + (programs.isEmpty() ? "" : ", or describe each one under `images:`"));
    }

    private static boolean isMain(SourceTree tree, String directory) {
        return tree.files(directory, 1).stream()
                .filter(file -> file.endsWith(".go") && !file.endsWith("_test.go"))
                .anyMatch(file -> MAIN.matcher(tree.text(file).orElse("")).find());
    }
}
