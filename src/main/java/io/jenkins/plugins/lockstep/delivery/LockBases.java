package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.project.BaseLock;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes down what base images mean now: read, resolve, compare, replace.
 *
 * <p>Works on the work tree, as an editor does: whoever changes {@code base:} commits the change and the lock together.
 * Bases that can't move (by digest, {@code scratch}) and files are left out.
 */
final class LockBases {

    private final Connections connections;

    LockBases(Connections connections) {
        this.connections = connections;
    }

    LockResult run(ProjectLocation location, boolean check, Progress progress) {
        var stopwatch = new Stopwatch();
        Path directory = OpenProject.existing(location.directory());
        Path file = directory.resolve(location.file()).normalize();
        Project project = project(directory, file);
        var lock = new BaseLock(resolve(project, progress));
        Path lockFile = file.resolveSibling(BaseLock.file(String.valueOf(file.getFileName())));
        String text = lock.write(String.valueOf(file.getFileName()));
        boolean needed = !lock.bases().isEmpty() || Files.exists(lockFile);
        String held = content(lockFile);
        if (!held.isBlank() && !held.contains("apiVersion: lockstep/")) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the lock file would replace a file of something else")
                    .where(lockFile.toString())
                    .why("it takes its name from the project file")
                    .hint("give the project file another name");
        }
        boolean changed = needed && !text.equals(held);
        if (changed && !check) {
            replace(lockFile, text);
        }
        return new LockResult(project.app(), lockFile, lock.bases(), changed, changed && !check, stopwatch.seconds());
    }

    private Project project(Path directory, Path file) {
        try (Repository repository = connections.repositories().open(directory)) {
            String path = OpenProject.repositoryPath(OpenProject.existing(repository.root()), file);
            if (path == null) {
                throw OpenProject.outside(repository.root(), file);
            }
            return new ProjectReader().read(path, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no project file " + file)
                    .hint("run this in the project's directory, or say which with -C DIR or --file FILE")
                    .causedBy(e);
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the project file can't be read")
                    .where(file.toString())
                    .why(e.getClass().getSimpleName())
                    .hint("see that it is a file, and that you may read it")
                    .causedBy(e);
        }
    }

    private SortedMap<String, SortedMap<String, String>> resolve(Project project, Progress progress) {
        Map<String, Set<String>> platforms = new LinkedHashMap<>();
        Map<String, Base.Named> movable = new LinkedHashMap<>();
        for (ImageDefinition image : project.images().values()) {
            if (Base.of(image.base(), Path.of("")) instanceof Base.Named named && named.mayMove()) {
                movable.put(image.base(), named);
                platforms
                        .computeIfAbsent(image.base(), unused -> new LinkedHashSet<>())
                        .addAll(image.platforms());
            }
        }
        SortedMap<String, SortedMap<String, String>> bases = new TreeMap<>();
        movable.forEach((written, base) -> {
            progress.step("resolving " + written);
            List<String> wanted = List.copyOf(platforms.getOrDefault(written, Set.of()));
            bases.put(written, new TreeMap<>(connections.bases().resolve(base.reference(), wanted, progress)));
        });
        return bases;
    }

    /** Returns the text with the line ends of the repository: a checkout on Windows may have others. */
    private static String content(Path lockFile) {
        try {
            return new String(Files.readAllBytes(lockFile), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw unusable(lockFile, e);
        }
    }

    private static void replace(Path lockFile, String text) {
        try {
            WholeFiles.write(Map.of(lockFile, text));
        } catch (IOException e) {
            throw unusable(lockFile, e);
        }
    }

    private static DeliveryException unusable(Path lockFile, IOException failure) {
        return DeliveryException.of(Problem.BAD_INPUT, "the lock file can't be read or written")
                .where(lockFile.toString())
                .why(failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage())
                .hint("see that it is a file, and that you may write to its directory")
                .causedBy(failure);
    }
}
