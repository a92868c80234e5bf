package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the tracked paths that differ between commit and work tree.
 *
 * <p>Says what {@code hg status --modified --added --removed --deleted} says without any extension, so that line ends that
 * {@code eol} would convert are changes. A sub-repository is one path, and counts where it is not there, where another commit
 * is checked out in it, or where a tracked file in it has changed; no other program than this one's own readers looks at it.
 */
final class WorkTreeChanges {

    private final HgClient hg;
    private final Changesets changesets;
    private final Path root;
    private final List<RepositorySystem> systems;

    WorkTreeChanges(HgClient hg, Changesets changesets, Path root, List<RepositorySystem> systems) {
        this.hg = hg;
        this.changesets = changesets;
        this.root = root;
        this.systems = systems;
    }

    /**
     * Returns the changed paths, sorted.
     *
     * @throws DeliveryException {@link Problem#UNCOMMITTED_CHANGES} where a merge is not committed: even if no file differs,
     *     the next commit is another one
     */
    List<String> find() {
        List<String> parents = changesets.parentsOfWorkTree();
        if (parents.size() > 1) {
            throw DeliveryException.of(Problem.UNCOMMITTED_CHANGES, "a merge is not committed yet")
                    .where(root.toString())
                    .why("the work tree has two parents, " + String.join(" and ", parents))
                    .hint("'hg commit' ends the merge, 'hg merge --abort' gives it up");
        }
        var changed = new TreeSet<String>();
        hg.rows(
                1,
                row -> changed.add(FileNames.decoded(row.get(0))),
                List.of("status", "--modified", "--added", "--removed", "--deleted", "--no-status", "--print0"));
        changesets.checkedOut().ifPresent(revision -> Manifest.subrepositories(hg, revision)
                .forEach((path, state) -> {
                    if (isChanged(root.resolve(path), state)) {
                        changed.add(path);
                    }
                }));
        return List.copyOf(changed);
    }

    private boolean isChanged(Path directory, String state) {
        Optional<RepositorySystem> system =
                systems.stream().filter(known -> known.isAt(directory)).findFirst();
        if (system.isEmpty()) {
            return true;
        }
        try (Repository repository = system.get().open(directory)) {
            return !repository.resolve("HEAD").id().equals(state)
                    || !repository.uncommittedChanges().isEmpty();
        }
    }
}
