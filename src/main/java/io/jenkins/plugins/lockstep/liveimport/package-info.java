/**
 * Turns objects of a running cluster into the manifests that a person would have written for them.
 *
 * <p>Only reads, by {@code get} and {@code list}. May depend on {@code common}, {@code manifest} and {@code deploy}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.liveimport;

import org.jspecify.annotations.NullMarked;
