package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.Progress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells that an API server fails in passing and is tried again: once for each kind of fault, however many requests meet
 * it; after that it is a detail.
 *
 * <p>Thread-safe.
 */
final class FaultNotices {

    private final String location;
    private final Duration budget;
    private final Progress progress;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param location the server, for messages
     * @param budget how long requests are tried again
     * @param progress where it is told
     */
    FaultNotices(String location, Duration budget, Progress progress) {
        this.location = location;
        this.budget = budget;
        this.progress = progress;
    }

    /**
     * Tells a fault.
     *
     * @param fault what the server did, to be read after "the API server": {@code answered 503}
     * @param request what was asked for, for those who want details
     */
    void tell(String fault, KubeRequest request) {
        if (told.add(fault)) {
            progress.warn("the API server " + location + " " + fault + ", trying again (for up to "
                    + Math.max(1, budget.toSeconds()) + " s)");
        } else {
            progress.detail("the API server " + fault + " to the attempt to " + request.purpose() + ", trying again");
        }
    }
}
