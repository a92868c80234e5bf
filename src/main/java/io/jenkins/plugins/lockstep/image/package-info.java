/**
 * Revision to image: what goes into an image, layer by layer, and the store that keeps it.
 *
 * <p>May depend on {@code common} and {@code revision}. {@code image.jib} alone sees Jib.
 */
@NullMarked
package io.jenkins.plugins.lockstep.image;

import org.jspecify.annotations.NullMarked;
