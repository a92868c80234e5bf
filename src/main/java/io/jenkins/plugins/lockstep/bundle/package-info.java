/**
 * The bundle: one file with everything a deploy needs, so that it needs no repository (design, section 1), and what a plan
 * saw when it was saved.
 *
 * <p>May depend on {@code common}, {@code revision}, {@code image}, {@code manifest}, {@code project}, {@code deploy} and
 * {@code history}. It reads and writes streams; files are the caller's.
 */
@NullMarked
package io.jenkins.plugins.lockstep.bundle;

import org.jspecify.annotations.NullMarked;
