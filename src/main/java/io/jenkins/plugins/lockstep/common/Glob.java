package io.jenkins.plugins.lockstep.common;

import java.util.regex.Pattern;

/**
 * A pattern of repository paths: {@code *} and {@code ?} stay within a directory, {@code **} crosses directories.
 *
 * <p>As in {@code .gitignore}, a pattern without a slash matches file names in any directory. Nothing else has a meaning
 * of its own, so that every text is a pattern. Immutable.
 */
public final class Glob {

    private final Pattern pattern;
    private final boolean namesOnly;

    public Glob(String glob) {
        this(glob, glob.indexOf('/') < 0);
    }

    private Glob(String glob, boolean namesOnly) {
        this.namesOnly = namesOnly;
        var regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char next = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (next == '*') {
                regex.append("[^/]*");
            } else if (next == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(next)));
            }
        }
        pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Returns a pattern of whole paths: one without a slash stands for what is in the top directory alone. */
    public static Glob ofPaths(String glob) {
        return new Glob(glob, false);
    }

    /** Tells whether the pattern takes a path, which has {@code /} between its names. */
    public boolean matches(String path) {
        String matched = namesOnly ? path.substring(path.lastIndexOf('/') + 1) : path;
        return pattern.matcher(matched).matches();
    }
}
