package io.jenkins.plugins.lockstep.image.jib;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.image.json.PlatformNotFoundInBaseImageException;
import com.google.cloud.tools.jib.image.json.UnknownManifestFormatException;
import com.google.cloud.tools.jib.image.json.UnlistedPlatformInManifestListException;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * The one place where Jib's failures become Lockstep's.
 *
 * <p>Messages of Jib are not passed on: some quote requests with tokens in them. The failure itself is kept as the cause.
 */
final class JibFailures {

    private final Path cacheDirectory;

    JibFailures(Path cacheDirectory) {
        this.cacheDirectory = cacheDirectory;
    }

    /** Translates what happened while only {@code image} was asked for. */
    DeliveryException of(Throwable failure, ImageName image) {
        Throwable real = unwrapped(failure);
        return translate(real, image).causedBy(real);
    }

    /** Translates what happened while an image was built on {@code base} and brought to {@code target}. */
    DeliveryException of(Throwable failure, ImageName target, Optional<ImageName> base) {
        return base.filter(name -> mentions(failure, name) > mentions(failure, target))
                .map(name -> ofBase(failure, name))
                .orElseGet(() -> of(failure, target));
    }

    /** Translates what happened while images were built, one on each of {@code bases}, without asking the target. */
    DeliveryException ofBuild(Throwable failure, ImageName target, Collection<ReadyBase> bases) {
        return bases.stream()
                .flatMap(base -> base.image().stream())
                .max(Comparator.comparingInt(name -> mentions(failure, name)))
                .map(name -> ofBase(failure, name))
                .orElseGet(() -> of(failure, target));
    }

    /** Translates what happened while {@code base} alone was asked for, to build on it. */
    DeliveryException ofBase(Throwable failure, ImageName base) {
        Throwable real = unwrapped(failure);
        if (status(real) == 404) {
            boolean pinned = base.reference().digest() != null;
            return DeliveryException.of(Problem.BAD_INPUT, "there is no base image " + base)
                    .where(base.registry())
                    .hint(
                            pinned
                                    ? "the registry has it no more, or never had: where the lock file names it, run"
                                            + " 'lockstep lock' and commit the file; else correct 'base:' in the project"
                                            + " file"
                                    : "correct 'base:' in the project file")
                    .causedBy(real);
        }
        return of(real, base);
    }

    private DeliveryException translate(Throwable failure, ImageName image) {
        String registry = image.registry();
        if (failure instanceof DeliveryException known) {
            return known;
        }
        if (failure instanceof RegistryCredentialsNotSentException) {
            return DeliveryException.of(Problem.REGISTRY_UNAUTHORIZED, "no login was sent for " + image)
                    .where(registry)
                    .why("the registry wants one, but speaks plain HTTP, where everybody on the way can read it")
                    .hint("let the registry speak HTTPS");
        }
        if (failure instanceof RegistryUnauthorizedException
                || (failure instanceof RegistryAuthenticationFailedException && status(failure) != 0)) {
            return unauthorized(failure, image);
        }
        if (failure instanceof UnlistedPlatformInManifestListException
                || failure instanceof PlatformNotFoundInBaseImageException) {
            return DeliveryException.of(Problem.BAD_INPUT, "the base image " + image + " is not made for this platform")
                    .where(registry)
                    .hint("choose another base or correct 'platforms:' in the project file");
        }
        if (failure instanceof UnknownManifestFormatException) {
            return DeliveryException.of(Problem.REGISTRY_UNAVAILABLE, image + " has a manifest of an unknown kind")
                    .where(registry)
                    .hint("look at it with the registry's own tools; it may be no image at all");
        }
        if (failure instanceof CacheCorruptedException || failure instanceof CacheDirectoryCreationException) {
            return DeliveryException.of(Problem.BAD_INPUT, "the cache of base images can't be used")
                    .where(cacheDirectory.toString())
                    .hint("delete the directory, and see that it can be written to");
        }
        if (status(failure) != 0) {
            return answered(status(failure), image);
        }
        if (failure instanceof InsecureRegistryException || failure instanceof SSLException) {
            return DeliveryException.of(Problem.REGISTRY_UNAVAILABLE, "can't speak HTTPS with " + registry)
                    .where(registry)
                    .why("it speaks plain HTTP, or has a certificate that this Java does not trust")
                    .hint(
                            "give it a trusted certificate; if it really is meant to speak plain HTTP, allow that for it");
        }
        if (isInterrupt(failure) || Thread.currentThread().isInterrupted()) {
            return DeliveryException.of(Problem.INTERRUPTED, "stopped while working on " + image);
        }
        if (failure instanceof FileSystemException file) {
            String reason = file.getReason();
            return DeliveryException.of(Problem.BAD_INPUT, file.getFile() + " can't be read or written")
                    .why(reason == null ? file.getClass().getSimpleName() : reason)
                    .hint("see whether it still exists, who may use it, and whether the disk is full");
        }
        if (failure instanceof IOException || failure instanceof RegistryAuthenticationFailedException) {
            return DeliveryException.of(Problem.REGISTRY_UNAVAILABLE, "can't reach the registry " + registry)
                    .where(registry)
                    .why(network(failure))
                    .hint("check the name, the port, the network and the proxy; then try again");
        }
        if (failure instanceof RuntimeException) {
            return DeliveryException.of(Problem.DEFECT, "building " + image + " failed in an unforeseen way")
                    .why(failure.getClass().getSimpleName());
        }
        return DeliveryException.of(
                        Problem.REGISTRY_UNAVAILABLE, "the registry's answer about " + image + " makes no sense")
                .where(registry)
                .why(failure.getClass().getSimpleName())
                .hint("try again; if it stays, look at the registry's log");
    }

    private static DeliveryException unauthorized(Throwable failure, ImageName image) {
        boolean known = status(failure) == 403;
        return DeliveryException.of(
                        Problem.REGISTRY_UNAUTHORIZED, "the registry does not let you use " + image.repository())
                .where(image.registry())
                .why(known ? "it answered 403: this login may not" : "it answered 401: no login, or a wrong one")
                .hint("log in with 'docker login " + image.registry() + "' or give this build a login that may");
    }

    private static DeliveryException answered(int status, ImageName image) {
        String advice = status == 429
                ? "it wants fewer requests: wait, or log in for a higher limit"
                : status >= 500
                        ? "try again; if it stays, look at the registry's log"
                        : "check that this is a container registry, and that the path is right";
        return DeliveryException.of(
                        Problem.REGISTRY_UNAVAILABLE, "the registry failed on " + image + " with HTTP status " + status)
                .where(image.registry())
                .hint(advice);
    }

    private static String network(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof UnknownHostException) {
            return "no such host";
        }
        if (root instanceof SocketTimeoutException) {
            return "it did not answer in time";
        }
        if (root instanceof ConnectException) {
            return "nothing listens there";
        }
        if (root instanceof SocketException || root instanceof EOFException) {
            return "it closed the connection, as a server that speaks plain HTTP may do";
        }
        return root.getClass().getSimpleName();
    }

    private static boolean isInterrupt(Throwable failure) {
        return failure instanceof InterruptedException
                || failure instanceof ClosedByInterruptException
                // Apache's client knows a kind of its own for connections that take too long.
                || (failure instanceof InterruptedIOException && !(root(failure) instanceof SocketTimeoutException));
    }

    /**
     * Tells how much of an image's name is in what Jib says, which does not name the image that a failure is about. The
     * length counts: one image's path may be the beginning of another's.
     */
    private static int mentions(Throwable failure, ImageName image) {
        List<String> messages = causes(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .toList();
        return Stream.of(image.registry(), "/" + image.path())
                .filter(part -> messages.stream().anyMatch(message -> message.contains(part)))
                .mapToInt(String::length)
                .sum();
    }

    /** The HTTP status that a failure stands for, 0 where it does not come from an answer. */
    static int status(Throwable failure) {
        return answer(failure)
                .map(HttpResponseException::getStatusCode)
                .orElseGet(() -> failure instanceof RegistryUnauthorizedException refused
                        ? refused.getHttpResponseException().getStatusCode()
                        : 0);
    }

    /** Returns the answer that a failure comes from. */
    static Optional<HttpResponseException> answer(Throwable failure) {
        return causes(failure)
                .filter(HttpResponseException.class::isInstance)
                .map(HttpResponseException.class::cast)
                .findFirst();
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean wrapper = failure instanceof ExecutionException || failure instanceof UncheckedIOException;
        return wrapper && cause != null ? unwrapped(cause) : failure;
    }

    static Throwable root(Throwable failure) {
        return causes(failure).reduce(failure, (outer, inner) -> inner);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
