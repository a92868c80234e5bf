package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an environment as a Lease, named as its ledger is: 30 s long, renewed every 10 s (design,
 * section 5, rule 9).
 *
 * <p>Whether a lease has expired is judged by the waiter's own monotonic clock since it last saw the lease change, so
 * that clocks which disagree can't make two holders.
 */
final class KubeLock implements EnvironmentLock {

    private static final ServedKind LEASES = new ServedKind("coordination.k8s.io/v1", "Lease", "leases", true);
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration RENEWAL = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofSeconds(1);

    /** What a Lease's times are written in: microseconds, always six digits. */
    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubeClient client;
    private final String namespace;
    private final String name;

    KubeLock(KubeClient client, String namespace, String app, String environment) {
        this.client = client;
        this.namespace = namespace;
        this.name = new LedgerNames(app, environment).lease();
    }

    @Override
    public Held acquire(String holder, Duration patience, Progress progress) throws InterruptedException {
        // Two releases of one user are two holders.
        String identity = holder + " " + UUID.randomUUID();
        long start = System.nanoTime();
        long seenSince = start;
        String seen = "";
        boolean told = false;
        while (true) {
            Optional<Map<String, @Nullable Object>> lease = client.get(LEASES, namespace, name);
            if (lease.isEmpty()) {
                if (client.create(LEASES, namespace, lease(identity, 0, Instant.now(), null))
                        .isPresent()) {
                    return new HeldLease(identity, 0);
                }
                continue;
            }
            String current = Tree.text(lease.get(), "spec", "holderIdentity");
            String version = Tree.text(lease.get(), "metadata", "resourceVersion");
            if (!version.equals(seen)) {
                seen = version;
                seenSince = System.nanoTime();
            }
            boolean expired = System.nanoTime() - seenSince > LENGTH.toNanos();
            if (current.isEmpty() || expired) {
                int transitions = transitions(lease.get()) + 1;
                if (client.update(LEASES, namespace, lease(identity, transitions, Instant.now(), version))
                        .isPresent()) {
                    return new HeldLease(identity, transitions);
                }
                continue;
            }
            if (System.nanoTime() - start > patience.toNanos()) {
                throw DeliveryException.of(Problem.LOCKED, "someone else is releasing to this environment")
                        .where("lease/" + name + " in namespace " + namespace)
                        .why("held by " + person(current))
                        .hint("wait for that release to end, or wait longer with --lock-timeout");
            }
            if (!told) {
                progress.step("waiting for the release of " + person(current) + " to end");
                told = true;
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private Map<String, @Nullable Object> lease(
            String holder, int transitions, Instant acquired, @Nullable String resourceVersion) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", name);
        metadata.put("namespace", namespace);
        if (resourceVersion != null) {
            metadata.put("resourceVersion", resourceVersion);
        }
        var spec = new LinkedHashMap<String, @Nullable Object>();
        spec.put("holderIdentity", holder);
        spec.put("leaseDurationSeconds", LENGTH.toSeconds());
        spec.put("leaseTransitions", transitions);
        spec.put("renewTime", MICRO_TIME.format(Instant.now()));
        if (!holder.isEmpty()) {
            spec.put("acquireTime", MICRO_TIME.format(acquired));
        }
        var lease = new LinkedHashMap<String, @Nullable Object>();
        lease.put("apiVersion", LEASES.apiVersion());
        lease.put("kind", LEASES.kind());
        lease.put("metadata", metadata);
        lease.put("spec", spec);
        return lease;
    }

    private static int transitions(Map<String, ?> lease) {
        return lease.get("spec") instanceof Map<?, ?> spec && spec.get("leaseTransitions") instanceof Number number
                ? number.intValue()
                : 0;
    }

    private static String person(String identity) {
        int space = identity.lastIndexOf(' ');
        return space < 0 ? identity : identity.substring(0, space);
    }

    /** The lease while this process holds it. */
    private final class HeldLease implements Held {

        private final String identity;
        private final int transitions;
        private final Instant acquired = Instant.now();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Thread renewal;

        HeldLease(String identity, int transitions) {
            this.identity = identity;
            this.transitions = transitions;
            this.renewal = new Thread(this::renewUntilClosed, "lockstep lease " + name);
            renewal.setDaemon(true);
            renewal.start();
        }

        @Override
        public void check() {
            if (own().isEmpty()) {
                throw DeliveryException.of(Problem.LOCKED, "someone else has taken this environment's lock over")
                        .where("lease/" + name + " in namespace " + namespace)
                        .why("it was not renewed for " + LENGTH.toSeconds() + " seconds")
                        .hint("the release that took it over decides what runs: see lockstep history");
            }
        }

        @Override
        public void close() {
            closed.countDown();
            // A thread that is being interrupted must still give the lease back, or everybody waits for it to expire.
            boolean interrupted = Thread.interrupted();
            try {
                renewal.join(RENEWAL.toMillis());
                own().ifPresent(version -> client.update(LEASES, namespace, lease("", transitions, acquired, version)));
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (DeliveryException e) {
                return; // it expires by itself
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void renewUntilClosed() {
            try {
                while (!closed.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        own().ifPresent(version ->
                                client.update(LEASES, namespace, lease(identity, transitions, acquired, version)));
                    } catch (DeliveryException e) {
                        // check() tells when it is lost
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Returns the lease's resource version, if it is still ours. */
        private Optional<String> own() {
            return client.get(LEASES, namespace, name)
                    .filter(lease -> identity.equals(Tree.text(lease, "spec", "holderIdentity")))
                    .map(lease -> Tree.text(lease, "metadata", "resourceVersion"));
        }
    }
}
