package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.Optional;

/** Knows one kind of application by its files. */
@FunctionalInterface
interface Recogniser {

    /**
     * Looks at a project's directory.
     *
     * @return empty where it is of another kind
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is of this kind, but something must be said or
     *     repaired before an image can be made of it
     */
    Optional<Application> recognise(SourceTree tree);
}
