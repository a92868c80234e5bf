package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bearer token in a file that someone else, such as the kubelet, writes anew from time to time. */
final class TokenFile implements KubeCredentials {

    /** Kubelets renew tokens long before they expire, so a minute is often enough. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Path file;
    private @Nullable String header;
    private long readAt;

    TokenFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized String authorization() {
        String known = header;
        if (known == null || System.nanoTime() - readAt > KEPT.toNanos()) {
            known = "Bearer " + read();
            header = known;
            readAt = System.nanoTime();
        }
        return known;
    }

    @Override
    public synchronized boolean renew(@Nullable String refused) {
        header = null;
        return !authorization().equals(refused);
    }

    private String read() {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "can't read the token of the API server")
                    .where(file.toString())
                    .why(Files.exists(file) ? e.getMessage() : "there is no such file")
                    .causedBy(e);
        }
    }
}
