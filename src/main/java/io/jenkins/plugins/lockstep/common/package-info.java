/**
 * What every part shares: the one error family, the progress port, content hashes and repository paths.
 *
 * <p>May depend on the JDK alone.
 */
@NullMarked
package io.jenkins.plugins.lockstep.common;

import org.jspecify.annotations.NullMarked;
