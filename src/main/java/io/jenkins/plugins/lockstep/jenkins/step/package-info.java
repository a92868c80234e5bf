/**
 * The Pipeline steps: what their arguments are called and which default is left out. Each asks for one operation.
 *
 * <p>May depend on {@code jenkins.run}, {@code jenkins.form} and Jenkins.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.step;

import org.jspecify.annotations.NullMarked;
