package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Progress;
import java.util.Optional;

/** Continues a release whose process died. */
final class Resumption {

    private final Connections connections;

    Resumption(Connections connections) {
        this.connections = connections;
    }

    Optional<DeployResult> run(ResumeRequest request, Progress progress) throws InterruptedException {
        throw new UnsupportedOperationException("to come: " + connections + request + progress);
    }
}
