package io.jenkins.plugins.lockstep.cli;

import java.util.Set;
import picocli.CommandLine.Option;

/** How registries are spoken with. */
final class RegistryOptions {

    @Option(
            names = "--plain-http",
            paramLabel = "HOST[:PORT]",
            description = "Speak plain HTTP with this registry; may be repeated. No login is ever sent there."
                    + " (Registries on this machine's loopback need no such permission.)")
    Set<String> plainHttp = Set.of();
}
