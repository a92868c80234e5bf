/**
 * The command line: binds words to operations, shows progress, prints results, translates failures to exit codes.
 *
 * <p>May depend on {@code delivery}, {@code common} and the value records; decides nothing itself. Never meets
 * {@code jenkins}. The only place that sees picocli, and the only one that prints or exits.
 */
@NullMarked
package io.jenkins.plugins.lockstep.cli;

import org.jspecify.annotations.NullMarked;
