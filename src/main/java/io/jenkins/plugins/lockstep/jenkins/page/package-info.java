/**
 * What people see and click in Jenkins: the release board of jobs and folders, the background tasks that roll back, the
 * commands of Jenkins' own command line. Pages show what was recorded; none asks a cluster while somebody waits for it.
 *
 * <p>May depend on {@code board}, {@code run}, {@code config}, {@code delivery}, {@code common} and Jenkins.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.page;

import org.jspecify.annotations.NullMarked;
