package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.AllCores;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kubernetes YAML and JSON: any kind, any number of documents, {@code List}s taken apart, empty documents skipped.
 *
 * <p>Of a directory it reads every {@code .yaml}, {@code .yml} and {@code .json} file, those in sub-directories included,
 * in the order of their paths. Throughout, {@link DeliveryException} is {@link Problem#BAD_INPUT} with file, document
 * and line. Stateless.
 */
public final class ManifestReader {

    private static final Set<String> FOR_KUSTOMIZE = Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final String FOR_HELM = "Chart.yaml";
    private static final Pattern TEMPLATE_ACTION = Pattern.compile("\\{\\{-?\\s*[.$(a-zA-Z/]");

    /** Reads one file; {@code file} is what errors call it. */
    public List<Manifest> read(String file, byte[] content) {
        var manifests = new ArrayList<Manifest>();
        for (Document document : documents(file, content)) {
            if (document.tree() != null) {
                add(document, "", document.tree(), manifests);
            }
        }
        return List.copyOf(manifests);
    }

    /**
     * Reads a file or a directory of a revision.
     *
     * @param path a repository path
     * @throws DeliveryException also where there is no manifest
     */
    public List<Manifest> read(RevisionFiles files, String path) {
        if (files.file(path).isPresent()) {
            return nonEmpty(read(path, files.read(path)), path);
        }
        List<String> paths =
                files.list(path).stream().map(TrackedFile::path).sorted().toList();
        if (paths.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the revision has no file or directory '" + path + "'")
                    .where(path)
                    .hint("commit the manifests, or set `manifests:` to where they are; for a build output write"
                            + " `manifests: { from: " + path + ", generated: true }`");
        }
        // All names first: what lies beside a chart or a kustomization is no manifest, and its mistakes are none.
        List<String> wanted = paths.stream().filter(ManifestReader::isManifest).toList();
        var contents = new LinkedHashMap<String, byte[]>();
        wanted.forEach(file -> contents.put(file, files.read(file)));
        return nonEmpty(readAll(contents), path);
    }

    /** To parse YAML is most of the work of many manifests, so all cores do it; the first file's mistake is told, as ever. */
    private List<Manifest> readAll(Map<String, byte[]> contents) {
        return AllCores.map(List.copyOf(contents.entrySet()), file -> read(file.getKey(), file.getValue())).stream()
                .flatMap(manifests -> manifests.get().stream())
                .toList();
    }

    /**
     * Reads a build output.
     *
     * @param path a file or a directory of the work tree
     * @param name what errors call it
     * @throws DeliveryException also where there is no manifest, or it can't be read
     */
    public List<Manifest> readGenerated(Path path, String name) {
        if (!Files.exists(path)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no file or directory '" + name + "'")
                    .where(path.toString())
                    .why("`generated: true` says that the build makes it")
                    .hint("run the build first");
        }
        try {
            if (Files.isRegularFile(path)) {
                return nonEmpty(read(name, Files.readAllBytes(path)), name);
            }
            var wanted = new LinkedHashMap<String, Path>();
            for (Path file : filesBelow(path)) {
                String relative = path.relativize(file).toString().replace('\\', '/');
                String called = name.endsWith("/") ? name + relative : name + "/" + relative;
                if (isManifest(called)) {
                    wanted.put(called, file);
                }
            }
            var contents = new LinkedHashMap<String, byte[]>();
            for (Map.Entry<String, Path> file : wanted.entrySet()) {
                contents.put(file.getKey(), Files.readAllBytes(file.getValue()));
            }
            return nonEmpty(readAll(contents), name);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the manifests can't be read")
                    .where(path.toString())
                    .why(e.getMessage())
                    .causedBy(e);
        }
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static boolean isManifest(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (FOR_KUSTOMIZE.contains(name) || name.equals(FOR_HELM)) {
            boolean helm = name.equals(FOR_HELM);
            String directory = RepositoryPath.parent(file);
            throw DeliveryException.of(
                            Problem.BAD_INPUT, "this directory is written for " + (helm ? "Helm" : "kustomize"))
                    .where(file)
                    .why("Lockstep reads finished manifests")
                    .hint(renderFirst((helm ? "helm template APP " : "kubectl kustomize ")
                            + (directory.isEmpty() ? "." : directory)));
        }
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static String renderFirst(String command) {
        return "render it first: let the build run `" + command + " > target/k8s/app.yaml`, and set"
                + " `manifests: { from: target/k8s, generated: true }`";
    }

    /** A template is mostly no YAML at all; what the parser says about that leads nowhere. */
    private static List<Document> documents(String file, byte[] content) {
        try {
            return new DocumentReader().read(file, content);
        } catch (DeliveryException e) {
            boolean template = TEMPLATE_ACTION
                    .matcher(new String(content, StandardCharsets.UTF_8))
                    .find();
            throw template ? unrendered(file, e.where()).causedBy(e) : e;
        }
    }

    private static DeliveryException unrendered(String file, @Nullable String where) {
        int templates = ("/" + file).lastIndexOf("/templates/");
        String chart = templates < 0 ? "CHART" : templates == 0 ? "." : file.substring(0, templates - 1);
        return DeliveryException.of(Problem.BAD_INPUT, "this is a template and no finished manifest")
                .where(where)
                .why("it has actions in double braces, as Helm's templates have")
                .hint(renderFirst("helm template APP " + chart));
    }

    private static List<Manifest> nonEmpty(List<Manifest> manifests, String where) {
        if (manifests.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no manifest")
                    .where(where)
                    .hint("put YAML or JSON files there, or leave `manifests:` out to get a Deployment and a Service");
        }
        return List.copyOf(manifests);
    }

    private static void add(Document document, String path, @Nullable Object node, List<Manifest> manifests) {
        if (!(node instanceof Map<?, ?>)) {
            throw document.mistake(path, "this is no Kubernetes object")
                    .hint("an object has apiVersion, kind and metadata");
        }
        var manifest = new Manifest(document, path, Trees.map(node));
        if (manifest.kind().endsWith("List") && manifest.tree().get("items") instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                add(document, (path.isEmpty() ? "" : path + ".") + "items[" + i + "]", items.get(i), manifests);
            }
            return;
        }
        if (manifest.name().contains("{{") || manifest.kind().contains("{{")) {
            throw unrendered(document.file(), manifest.place("metadata.name"));
        }
        ManifestChecks.check(manifest);
        manifests.add(manifest);
    }
}
