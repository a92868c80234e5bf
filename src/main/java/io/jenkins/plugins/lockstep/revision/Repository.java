package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A checked-out repository.
 *
 * <p>Instances are used by one thread at a time and closed; many may be open on one repository at once.
 */
public interface Repository extends Lineage, AutoCloseable {

    /**
     * Returns the work tree's top directory, spelled as in the path that was opened where that is possible.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the repository is bare
     */
    Path root();

    /**
     * Resolves what a user typed to one commit.
     *
     * @param expression a full or short id, a branch, a tag, {@code HEAD}; never an option or a query language
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it names nothing or is ambiguous, with what it looked at
     */
    Revision resolve(String expression);

    /** Returns the tracked paths that differ from the checked-out commit, staged or not, sorted; never ignored ones. */
    List<String> uncommittedChanges();

    /**
     * Opens the files of a revision; they are valid while this repository is open.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the object database does not have the commit
     */
    RevisionFiles files(Revision revision);

    /** Tells what {@code first} is to {@code second}; ids that the repository does not have are {@code UNKNOWN}. */
    @Override
    Ancestry ancestry(String first, String second);

    /** Tells whether the clone lacks history: then {@link #ancestors} may end early. */
    boolean isShallow();

    /** Returns the newest ancestors of {@code revision}, itself first, at most {@code most}. */
    List<String> ancestors(Revision revision, int most);

    /** Describes the newest commits of the history of {@code revision}, itself first, at most {@code most}, for people. */
    RecentCommits recent(Revision revision, int most);

    /**
     * Returns the paths that differ between two commits, whatever lies between them: added, removed or changed in content
     * or mode, both names of what was moved; sorted. A submodule is one path.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the object database does not have one of the commits
     */
    List<String> changedPaths(Revision from, Revision to);

    /** Returns the URL that the clone came from as it is configured; it may hold user information. */
    Optional<String> originUrl();

    @Override
    void close();
}
