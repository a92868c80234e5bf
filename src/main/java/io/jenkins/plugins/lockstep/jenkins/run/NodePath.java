package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths that users configured, on the machine that runs the operation. */
final class NodePath {

    private NodePath() {}

    /**
     * Resolves against a base; an absolute path stays what it is.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where this machine can't have such a path
     */
    static Path resolve(Path base, String text) {
        try {
            return base.resolve(text);
        } catch (InvalidPathException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no path of this machine")
                    .why(e.getReason())
                    .causedBy(e);
        }
    }
}
