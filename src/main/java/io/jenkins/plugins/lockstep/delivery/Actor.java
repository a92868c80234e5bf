package io.jenkins.plugins.lockstep.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Who releases, as the ledger tells it.
 *
 * @param name a user's name
 * @param build the build that runs the release, null outside of a build
 */
public record Actor(String name, @Nullable String build) {}
