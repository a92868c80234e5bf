package io.jenkins.plugins.lockstep.liveimport;

import java.util.List;

/**
 * What an import read.
 *
 * @param objects in the order in which they were named, related ones behind them
 * @param notes what was left out, each one sentence
 */
public record Imported(List<ImportedObject> objects, List<String> notes) {}
