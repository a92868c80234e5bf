package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The command that starts a class.
 *
 * <p>The class path is written out: a {@code *} in it has no order, and the file that holds it instead would need Java 9.
 */
final class JavaCommand {

    /** Bytes; Linux takes 128 KiB for one word of a command. */
    private static final int LONGEST_CLASS_PATH = 120_000;

    private JavaCommand() {}

    static List<String> of(List<String> classPath, String main, String field) {
        String path = String.join(":", classPath);
        if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_CLASS_PATH) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the class path is too long to start Java with")
                    .where(field)
                    .why("it has " + classPath.size() + " entries and " + path.length() + " letters, and Linux takes "
                            + LONGEST_CLASS_PATH)
                    .hint("write a Class-Path into the jar's manifest instead of 'dependencies:'");
        }
        return List.of("java", "-cp", path, main);
    }
}
