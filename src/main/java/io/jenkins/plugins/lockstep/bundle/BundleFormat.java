package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.project.Environment.HistoryRule;
import io.jenkins.plugins.lockstep.project.Environment.HoldRule;
import java.util.Locale;

/**
 * The form of a bundle: lines of JSON, compressed with gzip. The first says what it is; then come the ancestors and
 * the newest commits, and for each environment its release, its objects, its plan and the plan's changes, a line each, or
 * why it was left out; the last one has the SHA-256 of all lines before it.
 */
final class BundleFormat {

    static final String NAME = "lockstep-bundle";

    /** Raised whenever an older reader would misunderstand a newer file. */
    static final int VERSION = 2;

    static final String ANCESTORS = "ancestors";
    static final String COMMITS = "commits";
    static final String RELEASE = "release";
    static final String OBJECT = "object";
    static final String PLAN = "plan";
    static final String CHANGE = "change";
    static final String LEFT_OUT = "leftOut";
    static final String END = "end";

    private BundleFormat() {}

    static String word(Operation operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    static String word(HistoryRule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    static String word(HoldRule rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the constant of an enumeration that one of the other methods wrote. */
    static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
