package io.jenkins.plugins.lockstep.deploy;

/** What the exit code of a container says: above 128 a signal, 126 and 127 are the shell's. */
final class ExitCode {

    private ExitCode() {}

    /** Tells whether the program was not there, or can't be run. */
    static boolean isBadStart(int code) {
        return code == 126 || code == 127;
    }

    /** Returns a word behind the number, empty for the codes that only the program understands. */
    static String inBrackets(int code) {
        return switch (code) {
            case 126 -> " (can't be run)";
            case 127 -> " (not found)";
            case 134 -> " (aborted)";
            case 137 -> " (killed)";
            case 139 -> " (segmentation fault)";
            case 143 -> " (told to end)";
            default -> "";
        };
    }

    /** Returns what to do about a container of a workload that ended with the code. */
    static String hint(int code) {
        return switch (code) {
            case 0 -> "the container of a workload has to go on running: use a Job for a program that ends";
            case 126 ->
                "what the command names can't be run: check that it is a program for the node's platform, and"
                        + " that its mode is 0755";
            case 127 -> "a command was not found: correct its name, or put the program into the image";
            case 134 ->
                "exit code 134 means that the program gave up by itself (SIGABRT): the last lines of its log"
                        + " say why";
            case 137 ->
                "exit code 137 means that it was killed (SIGKILL): look for memory that runs out on the node,"
                        + " and for a program that does not end when it is told to";
            case 139 ->
                "exit code 139 is a segmentation fault: check native libraries, and that they fit the image's"
                        + " base and platform";
            case 143 ->
                "exit code 143 means that it was told to end (SIGTERM): look for who does, a probe or the"
                        + " program's own supervisor";
            default -> "the program ended by itself: the last lines of its log in the evidence say why";
        };
    }
}
