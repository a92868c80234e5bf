package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;

/** Opens the repository around a directory. */
@FunctionalInterface
public interface RepositoryFinder {

    /**
     * Opens the repository whose work tree holds {@code directory}.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none, with where it looked
     */
    Repository open(Path directory);
}
