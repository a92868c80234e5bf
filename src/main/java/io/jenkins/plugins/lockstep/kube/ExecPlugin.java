package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that a command prints: the {@code exec} of a kubeconfig user, as cloud providers have it.
 *
 * <p>The client library's own way loses what went wrong and never asks again when a token has expired in the middle of a
 * deploy; this one does neither. The command gets no terminal: there may be nobody at it.
 */
final class ExecPlugin implements KubeCredentials {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Kubeconfig.Entry user;
    private final Map<String, ?> spec;
    private final Map<String, String> environment;
    private final Map<String, ?> clusterInfo;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Credential current;

    /**
     * What the command printed.
     *
     * @param token null where it printed a certificate alone
     * @param certificate PEM, null where it printed a token alone
     * @param key PEM, null where it printed a token alone
     * @param expires null where it did not say
     */
    record Credential(
            @Nullable String token, @Nullable String certificate, @Nullable String key, @Nullable Instant expires) {

        @Override
        public String toString() {
            return "Credential[until " + expires + "]";
        }
    }

    ExecPlugin(Kubeconfig.Entry user, Map<String, String> environment, Map<String, ?> clusterInfo) {
        this.user = user;
        this.spec = Tree.map(user.content(), "exec");
        this.environment = Map.copyOf(environment);
        this.clusterInfo = clusterInfo;
    }

    /** Returns the credential, from the command where none is known that is still good. */
    Credential credential() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Credential known = current;
            if (known == null || (known.expires() != null && !Instant.now().isBefore(known.expires()))) {
                known = run();
                current = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String authorization() throws InterruptedException {
        String token = credential().token();
        return token == null ? null : "Bearer " + token;
    }

    @Override
    public boolean renew(@Nullable String refused) {
        lock.lock();
        try {
            // Another thread may have renewed it already: what was refused is not what is known now.
            if (current != null && ("Bearer " + current.token()).equals(refused)) {
                current = null;
            }
            return refused != null;
        } finally {
            lock.unlock();
        }
    }

    private Credential run() throws InterruptedException {
        String command = Tree.text(spec, "command");
        if (command.isEmpty()) {
            throw user.mistake("exec names no command");
        }
        if (Tree.text(spec, "interactiveMode").equals("Always")) {
            throw user.mistake("the exec command needs a terminal, which it does not get here")
                    .hint("use a user with a token, a certificate, or a command that does not ask");
        }
        Process process = start(command);
        try {
            var out = readInBackground(process.getInputStream());
            var err = readInBackground(process.getErrorStream());
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed(command, "it did not end within " + PATIENCE.toSeconds() + " s", null);
            }
            if (process.exitValue() != 0) {
                throw failed(command, "it ended with exit code " + process.exitValue() + lastWords(err.join()), null);
            }
            return parse(command, out.join());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(String command) {
        var line = new ArrayList<String>();
        boolean isPath = command.contains("/") || command.contains("\\");
        line.add(isPath ? user.resolve(command).toString() : command);
        Tree.list(spec, "args").forEach(argument -> line.add(String.valueOf(argument)));
        var builder = new ProcessBuilder(line);
        var variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        for (Object variable : Tree.list(spec, "env")) {
            variables.put(Tree.text(variable, "name"), Tree.text(variable, "value"));
        }
        variables.put("KUBERNETES_EXEC_INFO", Json.write(execInfo()));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            String hint = Tree.text(spec, "installHint").strip();
            throw failed(command, "it can't be started: " + e.getMessage(), hint.isEmpty() ? null : hint)
                    .causedBy(e);
        }
    }

    private Map<String, ?> execInfo() {
        var request = new LinkedHashMap<String, Object>();
        request.put("interactive", false);
        if (Tree.isTrue(spec, "provideClusterInfo")) {
            request.put("cluster", clusterInfo);
        }
        var info = new LinkedHashMap<String, Object>();
        info.put("apiVersion", Tree.text(spec, "apiVersion"));
        info.put("kind", "ExecCredential");
        info.put("spec", request);
        return info;
    }

    private Credential parse(String command, String output) {
        Object tree;
        try {
            tree = Json.read(output);
        } catch (DeliveryException e) {
            // Neither the output nor the parser's words about it: both may hold the token.
            throw failed(command, "what it printed is not JSON", null);
        }
        if (!Tree.text(tree, "kind").equals("ExecCredential")) {
            throw failed(command, "what it printed is no ExecCredential", null);
        }
        String token = emptyToNull(Tree.text(tree, "status", "token"));
        String certificate = emptyToNull(Tree.text(tree, "status", "clientCertificateData"));
        String key = emptyToNull(Tree.text(tree, "status", "clientKeyData"));
        if (token == null && (certificate == null || key == null)) {
            throw failed(command, "it printed neither a token nor a certificate with its key", null);
        }
        String expires = Tree.text(tree, "status", "expirationTimestamp");
        try {
            return new Credential(token, certificate, key, expires.isEmpty() ? null : Instant.parse(expires));
        } catch (DateTimeParseException e) {
            throw failed(command, "its expirationTimestamp is no time: " + expires, null);
        }
    }

    private DeliveryException failed(String command, String why, @Nullable String hint) {
        return DeliveryException.of(
                        Problem.CLUSTER_FORBIDDEN,
                        "the command that gives the cluster's credentials failed: " + command)
                .where(user.document().place(user.path() + ".exec"))
                .why(why)
                .hint(hint != null ? hint : "run it by hand; you may have to log in first");
    }

    private static String lastWords(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty()
                ? ""
                : ": " + String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** A full pipe would stop the command, so both are read while it runs. */
    private static CompletableFuture<String> readInBackground(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        return new String(stream.readNBytes(1 << 20), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> {
                    var thread = new Thread(task, "lockstep-exec-plugin");
                    thread.setDaemon(true);
                    thread.start();
                });
    }
}
