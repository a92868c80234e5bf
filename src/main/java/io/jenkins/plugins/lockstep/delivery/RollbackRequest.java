package io.jenkins.plugins.lockstep.delivery;

/**
 * A return to an earlier release.
 *
 * @param project which project; its checked-out commit, or its bundle, says where the environment lives
 * @param environment its name in the project file
 * @param to {@code previous}, {@code #N}, or a revision as a user types it
 * @param target where
 * @param settings how
 * @param actor who
 */
public record RollbackRequest(
        ProjectSource project, String environment, String to, Target target, RolloutSettings settings, Actor actor) {}
