/**
 * Revisions out of Git, read with JGit: the one package that knows it.
 *
 * <p>May depend on {@code common} and {@code revision}. Nothing here runs a command that a configuration names (filters,
 * hooks, fsmonitor), reads {@code GIT_*} variables to find a repository, goes to the network, or changes a repository.
 * What JGit itself does, without asking: once per process it runs {@code git config --system} to find that file, and
 * where it has to look twice at a directory that may just have changed (an id that is not there, a short id), it measures
 * the resolution of the file system's clock with a probe file in the Git directory, once per file system, and keeps the
 * result in {@code ~/.config/jgit}. Only JGit-wide settings could stop it, and those belong to the whole process.
 */
@NullMarked
package io.jenkins.plugins.lockstep.revision.git;

import org.jspecify.annotations.NullMarked;
