/**
 * The parameter type {@code lockstepRevision}: the revisions that a job has built, for whoever starts another one.
 *
 * <p>May depend on {@code jenkins.run}, {@code jenkins.form} and Jenkins.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.parameter;

import org.jspecify.annotations.NullMarked;
