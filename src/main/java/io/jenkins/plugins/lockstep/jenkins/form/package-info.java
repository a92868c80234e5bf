/**
 * What forms ask while a user types: checks and choices that steps and builders share.
 *
 * <p>May depend on {@code delivery}, {@code common}, {@code jenkins.run} and Jenkins.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.form;

import org.jspecify.annotations.NullMarked;
