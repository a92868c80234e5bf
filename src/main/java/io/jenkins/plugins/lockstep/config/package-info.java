/**
 * An environment's files at a revision, overlaid, and the ConfigMap that they become.
 *
 * <p>May depend on {@code common}, {@code revision} and {@code manifest}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.config;

import org.jspecify.annotations.NullMarked;
