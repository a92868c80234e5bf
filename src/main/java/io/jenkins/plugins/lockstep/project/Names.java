package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.document.Section;
import java.util.regex.Pattern;

/** What names and paths of a project file have to look like. */
final class Names {

    /**
     * Letters. Names of Services and values of labels have at most 63 letters, and names derived of this one must stay
     * below that.
     */
    static final int LONGEST_APP = 50;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

    private Names() {}

    /** Refuses a name that is no DNS label of at most {@code longest} letters. */
    static void label(Section section, String key, String name, int longest) {
        if (name.length() > longest || !LABEL.matcher(name).matches()) {
            throw section.mistake(key, "'" + name + "' is not a name that Kubernetes takes")
                    .hint("use lower-case letters, digits and dashes, at most " + longest
                            + ", a letter or digit first and last");
        }
    }

    /** Refuses what can't be the name of an object. */
    static void subdomain(Section section, String key, String name) {
        if (name.length() > 253 || !SUBDOMAIN.matcher(name).matches()) {
            throw section.mistake(key, "'" + name + "' is not a name that Kubernetes takes")
                    .hint("use lower-case letters, digits, dashes and dots");
        }
    }

    /** Refuses a path that leaves the repository, and remembers one that does not. */
    static void path(Section section, String key, ProjectDirectory directory, String path) {
        directory.remember(inside(section, key, directory, path));
    }

    /** Returns the repository path of what a key names; refuses one that leaves the repository. */
    static String inside(Section section, String key, ProjectDirectory directory, String path) {
        return directory.resolve(path).orElseThrow(() -> section.mistake(
                        key, "the path '" + path + "' leaves the repository")
                .hint("write a path inside the repository, relative to this file"));
    }
}
