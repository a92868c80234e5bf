package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Release;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a guard says that lets a release pass.
 *
 * @param remarks what is recorded with the release: what was overridden, a sentence each
 * @param warnings what whoever releases should know
 */
record Admission(List<String> remarks, List<String> warnings) {

    /** Nothing is out of the ordinary. */
    static final Admission PLAIN = new Admission(List.of(), List.of());

    Admission {
        remarks = List.copyOf(remarks);
        warnings = List.copyOf(warnings);
    }

    static Admission remarking(String remark) {
        return new Admission(List.of(remark), List.of());
    }

    static Admission warning(String warning) {
        return new Admission(List.of(), List.of(warning));
    }

    /** Returns the release with the remarks written down. */
    Release recordedIn(Release release) {
        Release recorded = release;
        for (String remark : remarks) {
            recorded = recorded.remarked(remark);
        }
        return recorded;
    }

    /** Returns what both say. */
    Admission and(Admission other) {
        return new Admission(
                Stream.concat(remarks.stream(), other.remarks.stream()).toList(),
                Stream.concat(warnings.stream(), other.warnings.stream()).toList());
    }
}
