package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.scaffold.Application.Content;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files for browsers: written by hand, or what the build of a package makes. */
final class StaticSite implements Recogniser {

    private static final String BASE = "nginx:stable-alpine";
    private static final String ROOT = "/usr/share/nginx/html";
    private static final List<Integer> PORTS = List.of(80);

    /** Where builds put pages, the likelier ones first. */
    private static final List<String> OUTPUTS = List.of("dist", "build", "out", "_site", "site");

    private static final List<String> WRITTEN = List.of("public", "www", "html", "src", "docs");

    @Override
    public Optional<Application> recognise(SourceTree tree) {
        Optional<String> text = tree.text("package.json");
        return text.isPresent() ? Optional.of(built(tree, manifest(text.get()))) : written(tree);
    }

    private static @Nullable Object manifest(String text) {
        try {
            return Json.read(text);
        } catch (DeliveryException e) {
            return Map.of(); // NodeApplication told so before
        }
    }

    private static Application built(SourceTree tree, @Nullable Object manifest) {
        String script = Tree.text(manifest, "scripts", "build");
        String output = OUTPUTS.stream()
                .filter(directory -> tree.isFile(directory + "/index.html"))
                .findFirst()
                .orElse(script.contains("react-scripts") ? "build" : "dist");
        if (script.isEmpty() && !tree.isFile(output + "/index.html")) {
            return written(tree).orElseThrow(() -> NodeApplication.nothingStarts(tree));
        }
        return site(
                "static files, built by npm",
                Tree.text(manifest, "name").replaceFirst("^@[^/]*/", ""),
                List.of(new Layer(output, ROOT, "what the build makes")),
                NodeApplication.build(tree, manifest, false));
    }

    private static Optional<Application> written(SourceTree tree) {
        if (tree.isFile("index.html")) {
            List<Layer> layers = new PublishedFiles(tree)
                    .names().stream()
                            .map(name -> new Layer(name, ROOT + "/" + name, ""))
                            .toList();
            return Optional.of(site("static files", tree.name(), layers, List.of()));
        }
        for (List<String> places : List.of(OUTPUTS, WRITTEN)) {
            for (String place : places) {
                if (tree.isFile(place + "/index.html")) {
                    List<Layer> layers = List.of(new Layer(place, ROOT, "the page and all that belongs to it"));
                    return Optional.of(site("static files", tree.name(), layers, List.of()));
                }
            }
        }
        return Optional.empty();
    }

    private static Application site(String kind, String name, List<Layer> layers, List<String> build) {
        return new Application(kind, name, BASE, Content.ofLayers(layers, null), PORTS, build, List.of());
    }
}
