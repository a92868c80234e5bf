package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A hold of an environment, or the end of one.
 *
 * @param project which project; its checked-out commit, or its bundle, says where the environment lives
 * @param environment its name in the project file
 * @param target where
 * @param release whether to lift what holds instead
 * @param reason why, null for none
 * @param actor who
 */
public record HoldRequest(
        ProjectSource project,
        String environment,
        Target target,
        boolean release,
        @Nullable String reason,
        Actor actor) {

    private static final int LONGEST_REASON = 1_000;

    /** @throws DeliveryException {@link Problem#BAD_USAGE} where the reason is too long to be kept */
    public HoldRequest {
        reason = reason == null || reason.isBlank() ? null : reason.strip().replaceAll("\\p{Cntrl}+", " ");
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the reason is longer than " + LONGEST_REASON + " letters")
                    .hint("say it in a sentence, and give the address of the rest");
        }
    }
}
