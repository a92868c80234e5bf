/**
 * Looks at a repository as it is on disk and drafts the project file that fits it.
 *
 * <p>Only reads. May depend on {@code common}, {@code image}, {@code manifest} and {@code project}. What a kind of
 * application looks like is told by one class each, all of them {@link io.jenkins.plugins.lockstep.scaffold.Recogniser}s.
 */
@NullMarked
package io.jenkins.plugins.lockstep.scaffold;

import org.jspecify.annotations.NullMarked;
