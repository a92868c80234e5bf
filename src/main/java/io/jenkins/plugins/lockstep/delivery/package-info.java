/**
 * The operations, each from beginning to end: what front ends call.
 *
 * <p>May depend on every engine package. {@code DeliveryFactory} is the only place that names adapters.
 */
@NullMarked
package io.jenkins.plugins.lockstep.delivery;

import org.jspecify.annotations.NullMarked;
