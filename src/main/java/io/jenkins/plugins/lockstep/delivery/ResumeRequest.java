package io.jenkins.plugins.lockstep.delivery;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The continuation of a release whose process died, by whoever asked for that release.
 *
 * @param project says where the environment lives
 * @param environment its name in the project file
 * @param target where
 * @param settings the same as the release's own
 * @param actor the same as the release's own; its build is what the release is known by
 * @param number the release's number, null where it was never told: then it is the newest one of that build which nobody
 *     has ended
 * @param others the numbers that other operations of that build have been told: none of them is meant where the release's
 *     own was never told
 */
public record ResumeRequest(
        ProjectSource project,
        String environment,
        Target target,
        RolloutSettings settings,
        Actor actor,
        @Nullable Integer number,
        Set<Integer> others) {

    public ResumeRequest {
        others = Set.copyOf(others);
    }

    /** Asks for the release of a build that has no other one in this environment, or for one whose number is known. */
    public ResumeRequest(
            ProjectSource project,
            String environment,
            Target target,
            RolloutSettings settings,
            Actor actor,
            @Nullable Integer number) {
        this(project, environment, target, settings, actor, number, Set.of());
    }
}
