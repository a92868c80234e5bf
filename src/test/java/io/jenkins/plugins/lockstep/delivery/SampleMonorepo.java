package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small applications in one real repository, each in {@code services/NAME}: a page and a configuration. */
final class SampleMonorepo<R extends TestRepository<?>> {

    private final R repository;

    private SampleMonorepo(R repository) {
        this.repository = repository;
    }

    /** Makes an empty Git repository. */
    static SampleMonorepo<GitTestRepository> in(Path directory) {
        return in(GitTestRepository.init(directory));
    }

    /** Takes a repository that is empty. */
    static <R extends TestRepository<?>> SampleMonorepo<R> in(R repository) {
        return new SampleMonorepo<>(repository);
    }

    /** Adds an application; nothing is committed yet. */
    SampleMonorepo<R> with(String name) {
        return with(name, "");
    }

    /** Adds an application whose project file has more lines. */
    SampleMonorepo<R> with(String name, String more) {
        String directory = "services/" + name;
        String app = name.substring(name.lastIndexOf('/') + 1);
        repository
                .write(
                        directory + "/lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: %1$s
                        image:
                          repository: registry.example.com/shop/%1$s
                          base: scratch
                          layers: [{ from: app, to: /app }]
                        environments:
                          staging: { config: config }
                          production: { config: config, namespace: %1$s }
                        """
                                        .formatted(app)
                                + more)
                .write(directory + "/app/page.txt", "page of " + app + "\n")
                .write(directory + "/config/audience.txt", "everybody\n");
        return this;
    }

    R repository() {
        return repository;
    }

    /** Returns a query for every project of the checked-out commit. */
    ProjectQuery all() {
        return query(null);
    }

    ProjectQuery changedSince(String revision) {
        return query(revision);
    }

    ProjectQuery these(String... paths) {
        return new ProjectQuery(
                repository.root(),
                ProjectLocation.DEFAULT_FILE,
                List.of(paths).stream().map(Path::of).toList(),
                null,
                null);
    }

    private ProjectQuery query(@Nullable String changedSince) {
        return new ProjectQuery(repository.root(), ProjectLocation.DEFAULT_FILE, List.of(), changedSince, null);
    }

    /** Returns where one application is, for what works on one alone. */
    ProjectLocation location(String name) {
        return new ProjectLocation(
                repository.root().resolve("services").resolve(name), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }
}
