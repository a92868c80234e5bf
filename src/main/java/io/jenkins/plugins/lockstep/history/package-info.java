/**
 * The ledger of releases: what was released, by whom, how it ended, and what is needed to bring it back.
 *
 * <p>May depend on {@code common}, {@code revision}, {@code image}, {@code manifest} and the values of {@code deploy}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.history;

import org.jspecify.annotations.NullMarked;
