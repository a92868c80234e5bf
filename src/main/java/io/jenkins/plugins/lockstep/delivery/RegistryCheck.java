package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport.State;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries a registry, and tells in sentences what came of it. */
final class RegistryCheck {

    /** A visit waits up to three times for a server that answers: to be asked, for a token, to be let in. */
    private static final Duration WAIT = Duration.ofSeconds(4);

    private final Connections connections;

    RegistryCheck(Connections connections) {
        this.connections = connections;
    }

    ConnectionReport run(String registry, @Nullable RegistryLogin login) {
        try {
            String sentence =
                    switch (connections.probe(registry, login, WAIT).visit()) {
                        case WITHOUT_LOGIN ->
                            login == null
                                    ? "The registry is reached, and lets everybody in."
                                    : "The registry is reached. It asked for no login, so the configured one was not"
                                            + " tried.";
                        case AS_ANYBODY ->
                            "The registry is reached, and lets everybody in; to push it may want a login.";
                        case LOGGED_IN ->
                            "The registry is reached, and accepts the login"
                                    + (login == null ? "" : " of '" + login.username() + "'")
                                    + ". What it may push is not tried.";
                        case UNPROVEN ->
                            "The registry is reached. It speaks plain HTTP, or can't prove who it is, so the login is"
                                    + " never sent.";
                    };
            return new ConnectionReport(State.GOOD, List.of(sentence));
        } catch (DeliveryException e) {
            return ConnectionReport.failed(e);
        }
    }
}
