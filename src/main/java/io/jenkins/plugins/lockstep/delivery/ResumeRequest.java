package io.jenkins.plugins.lockstep.delivery;

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
 */
public record ResumeRequest(
        ProjectSource project,
        String environment,
        Target target,
        RolloutSettings settings,
        Actor actor,
        @Nullable Integer number) {}
