package io.jenkins.plugins.lockstep.config;

/**
 * One directory of configuration, as the project file names it.
 *
 * @param from a path relative to the project file
 * @param expand whether {@code .env} and {@code .properties} files are loaded key by key
 * @param place {@code FILE:LINE} of the project file, for errors
 */
public record ConfigSource(String from, boolean expand, String place) {}
