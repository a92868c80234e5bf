package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.history.ChunkId;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the objects of one ledger are called: {@code lockstep-APP-ENVIRONMENT-N} and {@code
 * lockstep-APP-ENVIRONMENT-obj-HASH}.
 *
 * <p>Where one of the two has a dash or a dot, a dot stands between them instead: {@code cart-eu} in {@code prod} and
 * {@code cart} in {@code eu-prod} must not share their releases. An application's name has no dot.
 */
record LedgerNames(String app, String environment) {

    /** Says what an object of Lockstep's own is; such objects are never listed as a user's. */
    static final String LEDGER_LABEL = "lockstep.io/ledger";

    static final String RELEASE = "release";
    static final String OBJECTS = "objects";
    static final String HOLD = "hold";

    private static final String APP_LABEL = "lockstep.io/app";
    private static final String ENVIRONMENT_LABEL = "lockstep.io/environment";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-+[a-z0-9]+|\\.[a-z0-9]+)*");
    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

    /** Leaves room in the 253 letters of a name for two of these, a number or a hash. */
    private static final int LONGEST_PART = 63;

    String release(int number) {
        return prefix() + "-" + number;
    }

    String chunk(ChunkId chunk) {
        return prefix() + "-obj-" + chunk.hash();
    }

    /** Returns the name of what people said about holding the environment. */
    String hold() {
        return prefix() + "-hold";
    }

    /** Returns the name of the environment's Lease. */
    String lease() {
        return prefix();
    }

    private String prefix() {
        String first = part(app);
        String second = part(environment);
        boolean plain = (first + second).chars().noneMatch(letter -> letter == '-' || letter == '.');
        return "lockstep-" + first + (plain ? "-" : ".") + second;
    }

    /** Returns the labels of an object of this ledger. */
    Map<String, String> labels(String sort) {
        return Map.of(LEDGER_LABEL, sort, APP_LABEL, labelValue(app), ENVIRONMENT_LABEL, labelValue(environment));
    }

    /** Returns what selects the objects of this ledger. */
    String selector(String sort) {
        return LEDGER_LABEL + "=" + sort + "," + APP_LABEL + "=" + labelValue(app) + "," + ENVIRONMENT_LABEL + "="
                + labelValue(environment);
    }

    private static String part(String text) {
        return text.length() <= LONGEST_PART && NAME.matcher(text).matches() ? text : hashed(text);
    }

    static String labelValue(String text) {
        return LABEL_VALUE.matcher(text).matches() ? text : hashed(text);
    }

    /** Keeps the beginning for people; the hash tells two long or odd names apart. */
    private static String hashed(String text) {
        String readable = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String start = readable.substring(0, Math.min(40, readable.length())).replaceAll("^-|-$", "");
        String hash = Sha256.hex(text).substring(0, 16);
        return start.isEmpty() ? hash : start + "-" + hash;
    }
}
