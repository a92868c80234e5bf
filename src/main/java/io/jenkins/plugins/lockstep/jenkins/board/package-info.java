/**
 * What the release board shows, without Jenkins: the state that was recorded of the environments of a job, the files
 * that keep it, and what a reader sees of it at a moment.
 *
 * <p>May depend on the results of {@code delivery}, on {@code common}, and on the annotations that export a bean.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.board;

import org.jspecify.annotations.NullMarked;
