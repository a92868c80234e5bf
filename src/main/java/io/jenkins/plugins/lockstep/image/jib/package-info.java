/**
 * Images made with Jib: pushed to a registry, or written into an OCI layout in a directory.
 *
 * <p>Jib's types end here. May depend on {@code common} and {@code image}, and on what Jib brings.
 */
@NullMarked
package io.jenkins.plugins.lockstep.image.jib;

import org.jspecify.annotations.NullMarked;
