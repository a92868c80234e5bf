/**
 * The Jenkins plugin: binds what users configure, runs the engine's operations where the workspace is, and translates
 * results and failures. It decides nothing.
 *
 * <p>May depend on {@code delivery}, {@code common} and Jenkins; never on {@code cli}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins;

import org.jspecify.annotations.NullMarked;
