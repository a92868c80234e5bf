/**
 * How an operation runs in a build: asked for on the controller, done by the engine on the machine that has the
 * workspace, told in the build log.
 *
 * <p>May depend on {@code delivery}, {@code common} and Jenkins. Nothing here knows whether a Pipeline step or a
 * freestyle builder asked.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.run;

import org.jspecify.annotations.NullMarked;
