package io.jenkins.plugins.lockstep.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A clean-up.
 *
 * @param project which project; its checked-out commit, or its bundle, says which environments there are and what is kept
 * @param environment its name in the project file, null for all
 * @param target where
 * @param dryRun whether to explain only
 * @param registry whether images are collected, too; only with all environments
 * @param unreleased whether images that no environment ever released are collected, once their commit is older than what
 *     {@code keep: days} says
 * @param lockTimeout how long to wait for someone's release
 * @param actor who
 */
public record CollectionRequest(
        ProjectSource project,
        @Nullable String environment,
        Target target,
        boolean dryRun,
        boolean registry,
        boolean unreleased,
        Duration lockTimeout,
        Actor actor) {}
