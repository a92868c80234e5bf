package io.jenkins.plugins.lockstep.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command takes, before or after its name. */
final class GlobalOptions {

    @Option(names = "-C", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "Work as if started in DIR.")
    Path directory = Path.of("");

    @Option(
            names = "--file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The project file, relative to DIR (default: lockstep.yaml).")
    Path file = Path.of("lockstep.yaml");

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON document on standard output, everything else on standard error.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print results, warnings and failures alone.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Print details too, and the technical cause of a failure.")
    boolean verbose;

    @Option(
            names = "--no-color",
            scope = ScopeType.INHERIT,
            description = "No colours, even on a terminal. NO_COLOR in the environment does the same.")
    boolean noColor;
}
