package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.YamlWriter;
import io.jenkins.plugins.lockstep.delivery.ImportResult.ImportedFile;
import io.jenkins.plugins.lockstep.delivery.ImportResult.Status;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.liveimport.Imported;
import io.jenkins.plugins.lockstep.liveimport.ImportedObject;
import io.jenkins.plugins.lockstep.liveimport.LiveImport;
import io.jenkins.plugins.lockstep.manifest.ContainerImages;
import io.jenkins.plugins.lockstep.manifest.ContainerImages.ContainerImage;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes manifests of running objects: all of them or, where a file is in the way, none. */
final class ImportObjects {

    private static final String DEFAULT_OUTPUT = "deploy";

    private final Connections connections;

    ImportObjects(Connections connections) {
        this.connections = connections;
    }

    ImportResult run(ImportRequest request, Progress progress) {
        Path projectFile = request.project()
                .directory()
                .resolve(request.project().file())
                .toAbsolutePath()
                .normalize();
        Project project = project(projectFile);
        Environment environment = environment(project, request);
        try (Cluster cluster = connections.cluster(within(request.target(), environment))) {
            String namespace = environment != null && environment.namespace() != null
                    ? environment.namespace()
                    : cluster.defaultNamespace();
            if (request.target().saidNamespace() != null) {
                namespace = request.target().saidNamespace();
            }
            progress.step("reading from " + cluster.location() + ", namespace " + namespace);
            ImportRequest.Settings settings = request.settings();
            Imported imported = new LiveImport(cluster, namespace)
                    .read(request.objects(), settings.related(), settings.withSecrets());
            Output output = output(request, project, projectFile);
            List<ImportedFile> files = files(imported.objects(), output, request);
            var notes = new ArrayList<>(imported.notes());
            notes.addAll(notes(files, project, namespace, request.toOutput() ? output : null));
            if (request.toOutput()) {
                refuseDoubles(files, output);
                write(files, output);
            }
            return new ImportResult(namespace, files, List.copyOf(notes));
        }
    }

    /** Its name is the whole path: what it names may lie anywhere in a repository, which need not be there. */
    private static @Nullable Project project(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? new ProjectReader().read(file.toString().replace('\\', '/'), Files.readAllBytes(file))
                    : null;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static @Nullable Environment environment(@Nullable Project project, ImportRequest request) {
        String name = request.environment();
        if (name == null) {
            return null;
        }
        if (project == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no project file to look '" + name + "' up in")
                    .where(request.project()
                            .directory()
                            .resolve(request.project().file())
                            .toString())
                    .hint("leave --environment out and name the place with --context and --namespace");
        }
        return project.environment(name);
    }

    private static Target within(Target target, @Nullable Environment environment) {
        return environment == null ? target : target.within(environment.cluster(), environment.namespace());
    }

    /**
     * Where manifests go.
     *
     * @param directory on disk
     * @param name as the user knows it
     * @param known whether the project file says so
     */
    private record Output(Path directory, String name, boolean known) {}

    private static Output output(ImportRequest request, @Nullable Project project, Path projectFile) {
        Path parent = projectFile.getParent();
        Path base = parent == null ? request.project().directory() : parent;
        Project.Manifests manifests = project == null ? null : project.manifests();
        String from = manifests == null || manifests.generated() ? DEFAULT_OUTPUT : manifests.from();
        boolean isDirectory = !Files.isRegularFile(base.resolve(from));
        Path directory = request.output() != null
                ? request.project().directory().resolve(request.output())
                : base.resolve(isDirectory ? from : DEFAULT_OUTPUT);
        String name = request.output() != null ? request.output().toString() : isDirectory ? from : DEFAULT_OUTPUT;
        boolean known = manifests != null
                && !manifests.generated()
                && directory
                        .normalize()
                        .startsWith(base.resolve(manifests.from()).normalize());
        return new Output(directory, name.replace('\\', '/').replaceFirst("/$", ""), known);
    }

    private static List<ImportedFile> files(List<ImportedObject> objects, Output output, ImportRequest request) {
        var files = new ArrayList<ImportedFile>();
        var blocked = new ArrayList<String>();
        var names = new HashSet<String>();
        for (ImportedObject object : objects) {
            String name = fileName(object, names);
            String text = YamlWriter.write(object.tree());
            Status status = request.toOutput() ? status(output.directory().resolve(name), text) : Status.NOT_WRITTEN;
            if (status == Status.REPLACED && !request.settings().force()) {
                blocked.add(name);
            }
            files.add(new ImportedFile(output.name() + "/" + name, object, text, status));
        }
        if (!blocked.isEmpty()) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE,
                            blocked.size() == 1
                                    ? "a file is there and says something else"
                                    : "files are there and say something else")
                    .where(output.name())
                    .why(String.join(", ", blocked))
                    .hint("replace them with --force, or write elsewhere with --output DIR; nothing was written");
        }
        return List.copyOf(files);
    }

    /** Names of some kinds hold colons, which file systems do not take. */
    private static String fileName(ImportedObject object, Set<String> taken) {
        String name = object.key().name().replaceAll("[^A-Za-z0-9.-]", "-");
        String kind = object.key().kind().toLowerCase(Locale.ROOT);
        String file = name + "-" + kind + ".yaml";
        for (int i = 2; !taken.add(file); i++) {
            file = name + "-" + kind + "-" + i + ".yaml";
        }
        return file;
    }

    private static Status status(Path file, String text) {
        try {
            if (!Files.exists(file)) {
                return Status.CREATED;
            }
            return Files.isRegularFile(file) && Files.readString(file).equals(text)
                    ? Status.UNCHANGED
                    : Status.REPLACED;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** An object that another file describes, too, would stop the next deploy. */
    private static void refuseDoubles(List<ImportedFile> files, Output output) {
        if (!Files.isDirectory(output.directory())) {
            return;
        }
        Set<String> own = new HashSet<>();
        files.forEach(file -> own.add(file.path()));
        for (Manifest manifest : manifestsBelow(output)) {
            for (ImportedFile file : files) {
                boolean same = manifest.kind().equals(file.object().key().kind())
                        && manifest.name().equals(file.object().key().name());
                if (same && !own.contains(manifest.document().file())) {
                    throw DeliveryException.of(Problem.BAD_USAGE, file.object().key() + " has a manifest already")
                            .where(manifest.place(""))
                            .hint("edit that one, or write elsewhere with --output DIR; nothing was written");
                }
            }
        }
    }

    private static List<Manifest> manifestsBelow(Output output) {
        var manifests = new ArrayList<Manifest>();
        try (Stream<Path> walk = Files.walk(output.directory())) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = output.name() + "/"
                        + output.directory().relativize(file).toString().replace('\\', '/');
                if (name.matches(".*\\.(ya?ml|json)")) {
                    manifests.addAll(manifests(name, Files.readAllBytes(file)));
                }
            }
        } catch (IOException e) {
            throw unreadable(output.directory(), e);
        }
        return manifests;
    }

    /** A file with a mistake is the next deploy's matter. */
    private static List<Manifest> manifests(String name, byte[] content) {
        try {
            return new ManifestReader().read(name, content);
        } catch (DeliveryException e) {
            return List.of();
        }
    }

    private static void write(List<ImportedFile> files, Output output) {
        var texts = new LinkedHashMap<Path, String>();
        for (ImportedFile file : files) {
            if (file.status() != Status.UNCHANGED) {
                String name = file.path().substring(output.name().length() + 1);
                texts.put(output.directory().resolve(name), file.text());
            }
        }
        try {
            Files.createDirectories(output.directory());
            WholeFiles.write(texts);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the manifests can't be written")
                    .where(output.name())
                    .why(WholeFiles.reason(e))
                    .hint("write elsewhere with --output DIR, or print them with --output -")
                    .causedBy(e);
        }
    }

    private static List<String> notes(
            List<ImportedFile> files, @Nullable Project project, String namespace, @Nullable Output output) {
        var notes = new ArrayList<String>();
        if (output != null && !output.known()) {
            notes.add("Say in the project file where they are: manifests: " + output.name() + "/");
        }
        Set<String> repositories = new HashSet<>();
        if (project != null) {
            project.images()
                    .values()
                    .forEach(image -> repositories.add(image.repository().repository()));
        }
        for (ImportedFile file : files) {
            List<Manifest> manifests =
                    new ManifestReader().read(file.path(), file.text().getBytes(StandardCharsets.UTF_8));
            for (ContainerImage container : ContainerImages.of(manifests.get(0))) {
                if (repositories.stream().noneMatch(name -> isOf(container.image(), name))) {
                    notes.add(container.place() + ": write `image: lockstep` instead of `image: " + container.image()
                            + "` if that is an image that this project builds.");
                }
            }
            if (file.object().key().kind().equals("Secret")) {
                notes.add(file.path() + " holds the values of " + file.object().key() + ": do not commit it as it is.");
            }
        }
        boolean placed = project != null
                && project.environments().values().stream()
                        .anyMatch(environment -> namespace.equals(environment.namespace()));
        if (!placed) {
            notes.add("The manifests name no namespace: give the environment `namespace: " + namespace + "`.");
        }
        notes.add("The first deploy takes over what others applied: lockstep plan ENV shows it, lockstep deploy ENV"
                + " --take-ownership does it.");
        return notes;
    }

    private static boolean isOf(String image, String repository) {
        return image.equals(repository) || image.startsWith(repository + ":") || image.startsWith(repository + "@");
    }

    private static DeliveryException unreadable(Path file, IOException e) {
        return DeliveryException.of(Problem.BAD_INPUT, "a file can't be read")
                .where(file.toString())
                .why(e.getMessage())
                .causedBy(e);
    }
}
