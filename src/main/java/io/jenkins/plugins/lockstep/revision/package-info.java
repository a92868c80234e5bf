/**
 * What is being shipped: a commit, the files it holds, and how it relates to other commits.
 *
 * <p>May depend on {@code common}. The systems' adapters are in packages of their own below this one.
 */
@NullMarked
package io.jenkins.plugins.lockstep.revision;

import org.jspecify.annotations.NullMarked;
