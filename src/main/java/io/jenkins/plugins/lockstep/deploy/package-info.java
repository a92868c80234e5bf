/**
 * From rendered objects to running pods: plan, apply, wait, judge. Knows the rules, but no client library.
 *
 * <p>May depend on {@code common} and {@code manifest}. What it needs of a cluster is the port {@code Cluster}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.deploy;

import org.jspecify.annotations.NullMarked;
