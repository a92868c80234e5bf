/**
 * The project file {@code lockstep.yaml}: the only place where its keys are known.
 *
 * <p>May depend on {@code common}, and on the value records of {@code image}, {@code config} and {@code manifest}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.project;

import org.jspecify.annotations.NullMarked;
