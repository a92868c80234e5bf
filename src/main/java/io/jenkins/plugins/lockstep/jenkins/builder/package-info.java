/**
 * The freestyle builder: the same operations and fields as the Pipeline steps, with the job's variables filled in.
 *
 * <p>May depend on {@code jenkins.run}, {@code jenkins.form}, {@code jenkins.step} (for its help pages) and Jenkins.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.builder;

import org.jspecify.annotations.NullMarked;
