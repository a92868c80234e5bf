package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.scaffold.ScaffoldOptions;
import java.nio.file.Path;

/**
 * What {@code init} is asked for.
 *
 * @param directory a directory of the work tree; {@code file} is relative to it
 * @param file the project file to write, beside what it describes
 * @param options what the user says about the project
 * @param force whether a file that is there is replaced
 * @param dryRun whether nothing is written
 */
public record InitRequest(Path directory, Path file, ScaffoldOptions options, boolean force, boolean dryRun) {}
