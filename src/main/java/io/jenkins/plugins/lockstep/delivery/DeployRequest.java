package io.jenkins.plugins.lockstep.delivery;

/**
 * A deploy of one revision.
 *
 * @param project which project, at which revision
 * @param environment its name in the project file
 * @param target where to
 * @param settings how
 * @param actor who
 */
public record DeployRequest(
        ProjectLocation project, String environment, Target target, RolloutSettings settings, Actor actor) {

    /** Returns the same request for one revision. */
    DeployRequest at(String revision) {
        return new DeployRequest(project.at(revision), environment, target, settings, actor);
    }
}
