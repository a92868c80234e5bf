package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.deploy.DriftCheck.Drifted;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an environment still is what its current release made it.
 *
 * @param release the newest release that ended well
 * @param seal computed again from what the ledger recorded
 * @param drift where live objects differ from it
 * @param source what the release's commit renders today
 * @param notes what else is to be known, such as a newer release that failed and stayed
 */
public record VerifyResult(Release release, String seal, List<Drifted> drift, Source source, List<String> notes) {

    public VerifyResult {
        drift = List.copyOf(drift);
        notes = List.copyOf(notes);
    }

    /**
     * What the release's commit renders, at the recorded image digests.
     *
     * @param answer the answer
     * @param differences objects and fields that the record has otherwise; empty unless {@link Answer#DIFFERS}
     * @param why why it could not be rendered; null unless {@link Answer#UNKNOWN}
     */
    public record Source(Answer answer, List<String> differences, @Nullable String why) {

        public Source {
            differences = List.copyOf(differences);
        }
    }

    /** Whether the record is what the commit renders. */
    public enum Answer {
        /** To the last field. */
        SAME,
        /** Not, or not with this version of Lockstep. */
        DIFFERS,
        /** The commit can't be rendered here. */
        UNKNOWN
    }

    /** Tells whether the record still has its seal. */
    public boolean sealed() {
        return seal.equals(release.seal());
    }

    /** Tells whether the environment carries the seal. */
    public boolean intact() {
        return sealed() && drift.isEmpty();
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var origin = new LinkedHashMap<String, @Nullable Object>();
        origin.put("answer", source.answer().name().toLowerCase(java.util.Locale.ROOT));
        origin.put("differences", source.differences());
        origin.put("why", source.why());
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", release.app());
        tree.put("environment", release.environment());
        tree.put("release", release.number());
        tree.put("revision", release.revision());
        tree.put("seal", release.seal());
        tree.put("sealed", sealed());
        tree.put("intact", intact());
        tree.put("drift", trees(drift));
        tree.put("source", origin);
        tree.put("notes", notes);
        return tree;
    }

    static List<Map<String, @Nullable Object>> trees(List<Drifted> drift) {
        return drift.stream().map(VerifyResult::tree).toList();
    }

    private static Map<String, @Nullable Object> tree(Drifted drifted) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("object", drifted.object().toString());
        tree.put("namespace", drifted.object().namespace());
        tree.put("field", drifted.field());
        tree.put("live", drifted.live());
        tree.put("released", drifted.released());
        tree.put("manager", drifted.manager());
        tree.put("at", drifted.at());
        return tree;
    }

    /** Returns one line about a difference, without its values. */
    public static String words(Drifted drifted) {
        String who = drifted.manager() == null
                ? ""
                : " (" + drifted.manager() + (drifted.at() == null ? "" : ", " + drifted.at()) + ")";
        return drifted.field().isEmpty()
                ? drifted.object() + " is missing"
                : drifted.object() + " " + drifted.field() + who;
    }

    /** Returns a value for people, in one line. */
    public static String value(@Nullable Object value) {
        return value == null ? "nothing" : value instanceof String text ? text : Json.write(value);
    }
}
