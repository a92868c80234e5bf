package io.jenkins.plugins.lockstep.delivery;

import java.nio.file.Path;

/**
 * A deploy of exactly what a bundle holds; no repository is needed.
 *
 * @param bundle the file
 * @param environment its name
 * @param target where to; the same place that the plan was made for
 * @param settings how. What the plan decides is the plan's: whether fields are taken and data is pruned
 * @param actor who
 */
public record PlannedDeployRequest(
        Path bundle, String environment, Target target, RolloutSettings settings, Actor actor) {}
