package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How passing faults of registries are met: the whole piece of work is done again, within a budget, and told once for each
 * registry and kind of fault.
 *
 * <p>Jib by itself repeats a request whose connection broke, for about a minute, and gives up at the first answer that is
 * no success. A repeated push asks for each blob before it sends it, so that what has arrived is not sent again.
 *
 * <p>Thread-safe.
 */
public final class RegistryRetries {

    private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);
    private static final int TRIES = 12;
    private static final Duration BUDGET = Duration.ofSeconds(45);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** What takes longer to break has been tried again by Jib; sooner breaks what it never repeats. */
    private static final Duration JIBS_PATIENCE = Duration.ofSeconds(20);

    private final int tries;
    private final Duration budget;
    private final Duration firstPause;
    private final Progress notices;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    RegistryRetries(int tries, Duration budget, Duration firstPause, Progress notices) {
        this.tries = tries;
        this.budget = budget;
        this.firstPause = firstPause;
        this.notices = notices;
    }

    /**
     * Tries again for up to 45 seconds.
     *
     * @param notices is told, once, that a registry fails in passing
     */
    public static RegistryRetries telling(Progress notices) {
        return new RegistryRetries(TRIES, BUDGET, FIRST_PAUSE, notices);
    }

    /** Work of which a part may fail in passing; doing it twice does no harm. */
    interface Work<T> {
        T run()
                throws IOException, RegistryException, ExecutionException, CacheDirectoryCreationException,
                        CacheCorruptedException, InterruptedException;
    }

    /**
     * Does the work, again where that may help; what it throws in the end is what it threw last.
     *
     * @param registry tells which one a failure is about, for messages
     */
    <T> T run(Function<Throwable, String> registry, Work<T> work)
            throws IOException, RegistryException, ExecutionException, CacheDirectoryCreationException,
                    CacheCorruptedException, InterruptedException {
        Attempts attempts = new Attempts(registry);
        while (true) {
            try {
                return work.run();
            } catch (IOException | RegistryException | ExecutionException | RuntimeException e) {
                if (!attempts.again(e)) {
                    throw e;
                }
            }
        }
    }

    /** Starts work that asks one registry alone. */
    Attempts begin(String registry) {
        return new Attempts(failure -> registry);
    }

    /** Tells a fault, to be read after the registry's name: {@code answered 503}. */
    void tell(String registry, String fault) {
        if (told.add(registry + " " + fault)) {
            notices.warn("the registry " + registry + " " + fault + ", trying again (for up to "
                    + Math.max(1, budget.toSeconds()) + " s)");
        } else {
            notices.detail("the registry " + registry + " " + fault + ", trying again");
        }
    }

    /** The tries of one piece of work. */
    final class Attempts {

        private final Function<Throwable, String> registryOf;
        private int made = 1;
        private long tryStart = System.nanoTime();
        private long firstFailure;

        private Attempts(Function<Throwable, String> registryOf) {
            this.registryOf = registryOf;
        }

        /**
         * Waits before the next try.
         *
         * @return false, at once, where another one would not help or the budget does not allow it
         * @throws DeliveryException {@link Problem#INTERRUPTED}
         */
        boolean again(Throwable failure) {
            if (made == 1) {
                firstFailure = System.nanoTime();
            }
            int status = JibFailures.status(failure);
            boolean broken = status == 0 && isBroken(failure) && System.nanoTime() - tryStart < JIBS_PATIENCE.toNanos();
            if (made >= tries || !(PASSING.contains(status) || broken)) {
                return false;
            }
            Duration pause = pauseAfter(made);
            Duration asked = retryAfter(failure);
            if (asked != null && asked.compareTo(pause) > 0) {
                pause = asked;
            }
            if (pause.compareTo(budget.minusNanos(System.nanoTime() - firstFailure)) > 0) {
                return false;
            }
            made++;
            String registry = registryOf.apply(failure);
            tell(registry, broken ? "broke the connection" : "answered " + status);
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw DeliveryException.of(Problem.INTERRUPTED, "stopped while waiting for the registry " + registry)
                        .causedBy(e);
            }
            tryStart = System.nanoTime();
            return true;
        }
    }

    private Duration pauseAfter(int number) {
        long doubled = firstPause.toMillis() << Math.min(number - 1, 16);
        long millis = Math.min(doubled, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(millis * 2 / 3 + ThreadLocalRandom.current().nextLong(millis * 2 / 3 + 1));
    }

    private static boolean isBroken(Throwable failure) {
        Throwable root = JibFailures.root(failure);
        if (root instanceof ConnectException || root instanceof NoRouteToHostException) {
            return false;
        }
        return root instanceof SocketException
                || root instanceof SocketTimeoutException
                || root instanceof EOFException
                // An answer that ended too early is a class of Jib's HTTP client.
                || (root instanceof IOException && root.getClass().getName().startsWith("org.apache.http."));
    }

    private static @Nullable Duration retryAfter(Throwable failure) {
        return JibFailures.answer(failure)
                .map(answer -> answer.getHeaders().getRetryAfter())
                .map(RegistryRetries::wait)
                .orElse(null);
    }

    /** Reads seconds or a date (RFC 9110, section 10.2.3); null for anything else. */
    private static @Nullable Duration wait(String asked) {
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(asked.strip())));
        } catch (NumberFormatException e) {
            try {
                var then = ZonedDateTime.parse(asked.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
                return Duration.between(Instant.now(), then.toInstant());
            } catch (DateTimeException noDate) {
                return null;
            }
        }
    }
}
