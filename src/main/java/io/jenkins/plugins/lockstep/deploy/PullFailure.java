package io.jenkins.plugins.lockstep.deploy;

import java.util.regex.Pattern;

/** Tells a registry that says no from one that does not answer, by the words of the container runtime. */
enum PullFailure {
    /** There is no such image. */
    ABSENT,
    /** The node may not have it. */
    FORBIDDEN,
    /** What stands there is no image name, or the pod forbids the node to pull it. */
    UNUSABLE,
    /** The registry can't be reached, or has a fault of its own; also everything that has no clear words. */
    UNREACHABLE;

    private static final Pattern IMAGE = Pattern.compile("\"[^\"]*\"|\\S+/\\S+");
    private static final Pattern NO_ANSWER = Pattern.compile(
            "timeout|timed out|connection refused|connection reset|no such host|no route to host|unreachable|"
                    + "server misbehaving|unexpected EOF|x509|server gave HTTP response|too ?many ?requests|\\b429\\b|"
                    + "\\b5\\d\\d\\b|unavailable",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_IMAGE =
            Pattern.compile("not ?found|manifest unknown|does not exist|\\b404\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_RIGHT = Pattern.compile(
            "unauthorized|denied|forbidden|insufficient_scope|authorization failed|authentication required|"
                    + "no basic auth|\\b401\\b|\\b403\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_NAME = Pattern.compile(
            "invalid reference format|InvalidImageName|ErrImageNeverPull|is not present with pull policy");

    /** Classifies a message of the container runtime, or a {@code waiting} reason that says it all. */
    static PullFailure of(String words) {
        if (NO_NAME.matcher(words).find()) {
            return UNUSABLE;
        }
        // A digest, a tag or a host may hold any of the numbers and words.
        String withoutNames = IMAGE.matcher(words).replaceAll(" ");
        if (NO_ANSWER.matcher(withoutNames).find()) {
            return UNREACHABLE;
        }
        // Registries answer "denied" for what is not there, too; "pull access denied ... does not exist" is both.
        if (NO_RIGHT.matcher(withoutNames).find()) {
            return FORBIDDEN;
        }
        return NO_IMAGE.matcher(withoutNames).find() ? ABSENT : UNREACHABLE;
    }
}
