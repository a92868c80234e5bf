package io.jenkins.plugins.lockstep.delivery;

/**
 * A deploy of exactly what a bundle holds; no repository is needed.
 *
 * @param bundle made by a plan, or without one
 * @param environment its name
 * @param target where to; the same place that the bundle was made for
 * @param settings how. What the plan decides is the plan's: whether fields are taken and data is pruned
 * @param actor who
 */
public record PlannedDeployRequest(
        BundleSource bundle, String environment, Target target, RolloutSettings settings, Actor actor) {}
