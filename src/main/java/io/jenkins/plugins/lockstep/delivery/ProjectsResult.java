package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How an operation on several projects ended.
 *
 * @param <R> what the operation returns for one
 * @param revision the revision of them all
 * @param projects in the order of their files' paths
 * @param interrupted whether someone stopped it; what was under way is recorded as interrupted
 * @param seconds how long it took altogether
 */
public record ProjectsResult<R>(Revision revision, List<ProjectRun<R>> projects, boolean interrupted, double seconds) {

    /** Exit codes, the most severe first: what someone has to look at now comes before what waits for its author. */
    private static final List<Integer> SEVERITY = List.of(130, 1, 7, 6, 5, 4, 3, 2, 8);

    public ProjectsResult {
        projects = List.copyOf(projects);
    }

    /** Returns the most severe of all failures; empty where everything that was chosen is done. */
    public Optional<Problem> problem() {
        Stream<Problem> failures =
                projects.stream().flatMap(run -> run.failure().stream()).map(DeliveryException::problem);
        Stream<Problem> stopped = interrupted ? Stream.of(Problem.INTERRUPTED) : Stream.empty();
        return Stream.concat(stopped, failures).min((one, two) -> Integer.compare(rank(one), rank(two)));
    }

    private static int rank(Problem problem) {
        return SEVERITY.indexOf(problem.exitCode());
    }
}
