package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.errors.MissingObjectException;

/**
 * Turns what JGit throws into the engine's own failure.
 *
 * @param place the repository
 * @param objects its object directory
 * @param partial objects may be missing because the server keeps them
 */
record GitFailures(Path place, Path objects, boolean partial) {

    /** A piece of reading. */
    interface Reading<T> {
        T run() throws IOException;
    }

    /** Runs {@code reading}; every failure of the object database comes out as a {@link DeliveryException}. */
    <T> T translated(Reading<T> reading) {
        try {
            return reading.run();
        } catch (MissingObjectException e) {
            throw missing(e);
        } catch (ClosedByInterruptException | InterruptedIOException e) {
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while reading the Git repository")
                    .where(place.toString())
                    .causedBy(e);
        } catch (IOException | JGitInternalException e) {
            throw unreadable(place, e);
        }
    }

    static DeliveryException unreadable(Path place, Exception cause) {
        return DeliveryException.of(Problem.BAD_INPUT, "the Git repository can't be read")
                .where(place.toString())
                .why(cause.getMessage())
                .hint("does 'git status' work there? 'git fsck' looks for damage")
                .causedBy(cause);
    }

    private DeliveryException missing(MissingObjectException cause) {
        DeliveryException failure = DeliveryException.of(
                        Problem.BAD_INPUT, "the Git repository lacks an object that is needed")
                .where(place.toString())
                .causedBy(cause);
        String object = cause.getObjectId().name();
        Optional<String> lender = goneLender();
        if (lender.isPresent()) {
            return failure.why("this clone borrows objects from " + lender.get() + ", which is not there")
                    .hint(
                            "bring that back, correct objects/info/alternates, or clone without --shared and --reference");
        }
        return partial
                ? failure.why("it is a partial clone, and " + object + " is still on the server")
                        .hint(
                                "Lockstep never fetches: clone without --filter, or run 'git fetch --refetch --no-filter'")
                : failure.why(object + " is not there").hint("'git fsck' looks for damage; a fresh clone mends it");
    }

    /** Returns the first object directory that the repository borrows from and that is gone. */
    private Optional<String> goneLender() {
        Path alternates = objects.resolve("info").resolve("alternates");
        try {
            return Files.readAllLines(alternates).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .filter(line -> !Files.isDirectory(objects.resolve(line)))
                    .findFirst();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
