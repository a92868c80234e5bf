package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.scaffold.Application.Content;
import io.jenkins.plugins.lockstep.scaffold.Application.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A Node.js application with a {@code package.json}; one that only builds a page for browsers is a {@link StaticSite}. */
final class NodeApplication implements Recogniser {

    private static final int DEFAULT_NODE = 22;
    private static final int DEFAULT_PORT = 3000;
    private static final int DEEPEST = 6;

    /** Start commands of development servers, which belong into no image. */
    private static final Pattern DEVELOPMENT = Pattern.compile(
            "(^|\\s)(nodemon|ts-node(-dev)?|tsx|vite|react-scripts|ng|webpack(-dev-server)?|parcel)(\\s|$)");

    private static final Pattern PLAIN_NODE = Pattern.compile("node((?:\\s+[\\w@%+=:,./-]+)+)");
    private static final Pattern MAJOR = Pattern.compile("v?([0-9]{1,2})(\\D.*)?");
    private static final Pattern LOWEST = Pattern.compile("^[^0-9]*([0-9]{1,2}).*");
    private static final Pattern PORT_VARIABLE = Pattern.compile(
            "process\\.env(?:\\.PORT|\\[['\"]PORT['\"]])(?:\\s*(?:\\|\\||\\?\\?)\\s*['\"]?([0-9]{2,5}))?");
    private static final Pattern LISTEN = Pattern.compile("\\.listen\\(\\s*([0-9]{2,5})");

    @Override
    public Optional<Application> recognise(SourceTree tree) {
        Optional<String> text = tree.text("package.json");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Object manifest;
        try {
            manifest = Json.read(text.get());
        } catch (DeliveryException e) {
            throw e.where(tree.directory().resolve("package.json").toString())
                    .hint("npm could not read it either: correct it first");
        }
        Reading reading = new Reading(tree, manifest);
        return reading.isServer() ? Optional.of(reading.application()) : Optional.empty();
    }

    /** Tells how the tool that wrote the lock file installs exactly what it says. */
    static List<String> build(SourceTree tree, @Nullable Object manifest, boolean forServer) {
        boolean builds = !Tree.text(manifest, "scripts", "build").isEmpty();
        var commands = new ArrayList<String>();
        String install = tree.isFile("package-lock.json") ? "npm ci" : "npm install";
        if (builds) {
            commands.add(install);
            commands.add("npm run build");
        }
        if (forServer) {
            commands.add(install + " --omit=dev --no-bin-links");
        }
        return commands;
    }

    /** One package. */
    private static final class Reading {

        private final SourceTree tree;
        private final @Nullable Object manifest;
        private final List<String> notes = new ArrayList<>();

        Reading(SourceTree tree, @Nullable Object manifest) {
            this.tree = tree;
            this.manifest = manifest;
        }

        boolean isServer() {
            String start = Tree.text(manifest, "scripts", "start");
            if (!start.isEmpty() && !DEVELOPMENT.matcher(start).find()) {
                return true;
            }
            String main = main();
            return main != null
                    && (tree.isFile(main)
                            || Tree.text(manifest, "scripts", "build").contains("tsc"));
        }

        private @Nullable String main() {
            String main = Tree.text(manifest, "main");
            if (!main.isEmpty()) {
                String path = main.replaceFirst("^\\./", "");
                return tree.isFile(path + ".js") ? path + ".js" : path;
            }
            for (String usual : List.of("server.js", "index.js", "app.js", "main.js")) {
                if (tree.isFile(usual)) {
                    return usual;
                }
            }
            return null;
        }

        Application application() {
            List<String> entrypoint = entrypoint();
            List<Layer> layers = layers();
            var env = new LinkedHashMap<String, String>();
            env.put("NODE_ENV", "production");
            List<Integer> ports = ports(env);
            if (tree.isFile("yarn.lock") || tree.isFile("pnpm-lock.yaml")) {
                notes.add(
                        "The lock file is not npm's: install with its tool instead (for pnpm with node-linker=hoisted:"
                                + " its node_modules lives on links, and in an image these are copies).");
            }
            return new Application(
                    "Node.js",
                    Tree.text(manifest, "name").replaceFirst("^@[^/]*/", ""),
                    "node:" + major() + "-slim",
                    Content.ofLayers(layers, entrypoint).withEnv(env),
                    ports,
                    dependencies().isEmpty()
                                    && Tree.text(manifest, "scripts", "build").isEmpty()
                            ? List.of()
                            : build(tree, manifest, !dependencies().isEmpty()),
                    List.copyOf(notes));
        }

        private Set<String> dependencies() {
            return Tree.map(manifest, "dependencies").keySet();
        }

        private List<String> entrypoint() {
            String start = Tree.text(manifest, "scripts", "start").strip();
            Matcher node = PLAIN_NODE.matcher(start);
            if (node.matches()) {
                var words = new ArrayList<>(List.of("node"));
                words.addAll(List.of(node.group(1).strip().split("\\s+")));
                return words;
            }
            if (start.equals("next start")) {
                return List.of("node", "node_modules/next/dist/bin/next", "start");
            }
            String main = main();
            if (main != null && (start.isEmpty() || DEVELOPMENT.matcher(start).find() || tree.isFile(main))) {
                return List.of("node", main);
            }
            notes.add("The start script is no plain `node FILE`: it is started by npm, which hands no signals on.");
            return List.of("npm", "start");
        }

        private List<Layer> layers() {
            var layers = new ArrayList<Layer>();
            if (!dependencies().isEmpty()) {
                layers.add(new Layer("node_modules", "/app/node_modules", "libraries, which change least"));
            }
            String built = built();
            for (String name : new PublishedFiles(tree).names()) {
                if (!name.equals("package.json") && !name.equals(built)) {
                    layers.add(new Layer(name, "/app/" + name, ""));
                }
            }
            if (built != null) {
                layers.add(new Layer(built, "/app/" + built, "what the build makes"));
            }
            layers.add(new Layer("package.json", "/app/package.json", ""));
            return layers;
        }

        /** The directory that the build makes, as far as the start command tells. */
        private @Nullable String built() {
            String start = Tree.text(manifest, "scripts", "start") + " " + main();
            if (start.contains("next start")) {
                return ".next";
            }
            for (String directory : List.of("dist", "build", "out")) {
                if (start.contains(directory + "/")) {
                    return directory;
                }
            }
            return null;
        }

        private List<Integer> ports(Map<String, String> env) {
            for (String file : sources()) {
                String text = tree.text(file).orElse("");
                Matcher variable = PORT_VARIABLE.matcher(text);
                if (variable.find()) {
                    String port = variable.group(1) == null ? String.valueOf(DEFAULT_PORT) : variable.group(1);
                    env.put("PORT", port);
                    return List.of(Integer.parseInt(port));
                }
                Matcher listen = LISTEN.matcher(text);
                if (listen.find()) {
                    return List.of(Integer.parseInt(listen.group(1)));
                }
            }
            return Tree.text(manifest, "scripts", "start").contains("next start") ? List.of(DEFAULT_PORT) : List.of();
        }

        /** The sources, the one that is started first. */
        private List<String> sources() {
            var files = new ArrayList<String>();
            String main = main();
            if (main != null && tree.isFile(main)) {
                files.add(main);
            }
            tree.files("", DEEPEST).stream()
                    .filter(file -> file.matches(".*\\.[cm]?[jt]s") && !file.matches(".*(test|spec)s?[/.].*"))
                    .forEach(files::add);
            return files;
        }

        private int major() {
            for (String file : List.of(".nvmrc", ".node-version")) {
                Matcher exact = MAJOR.matcher(tree.text(file).orElse("").strip());
                if (exact.matches()) {
                    return Integer.parseInt(exact.group(1));
                }
            }
            Matcher engine = LOWEST.matcher(Tree.text(manifest, "engines", "node"));
            return engine.matches() ? Math.max(DEFAULT_NODE, Integer.parseInt(engine.group(1))) : DEFAULT_NODE;
        }
    }

    /** Starts the failure for a package that nothing starts. */
    static DeliveryException nothingStarts(SourceTree tree) {
        return DeliveryException.of(Problem.BAD_INPUT, "nothing says what starts this package")
                .where(tree.directory().resolve("package.json").toString())
                .why("it has neither a `start` script that runs in production nor a `main` file")
                .hint(
                        "add \"start\": \"node FILE\" to its scripts; for a page that is built for browsers, build it first");
    }
}
