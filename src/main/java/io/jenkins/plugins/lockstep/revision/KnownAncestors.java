package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import java.util.List;

/**
 * The newest ancestors of one revision, where the repository itself is not at hand. It tells what is an ancestor of that
 * revision; everything else is {@link Relation#UNKNOWN}.
 *
 * @param ids full ids, the revision itself first; at least one
 */
public record KnownAncestors(List<String> ids) implements Lineage {

    public KnownAncestors {
        ids = List.copyOf(ids);
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("a revision is the first of its own list");
        }
    }

    /** Returns the revision whose ancestors these are. */
    public String revision() {
        return ids.get(0);
    }

    /** Knows no branches, so that it can't tell what is on one of them alone. */
    @Override
    public CommitRange only(String first, String second, int most) {
        return CommitRange.NONE;
    }

    @Override
    public Horizon horizon() {
        return new Horizon(
                "the bundle",
                "of the history it carries its own revision and the newest ancestors of that, " + (ids.size() - 1)
                        + " here; that commit is none of them: it is newer, on another branch, or further back",
                "make it again in a clone that has the whole history");
    }

    @Override
    public Ancestry ancestry(String first, String second) {
        if (first.equals(second)) {
            return Ancestry.of(Relation.SAME);
        }
        if (second.equals(revision()) && ids.contains(first)) {
            return Ancestry.of(Relation.ANCESTOR);
        }
        if (first.equals(revision()) && ids.contains(second)) {
            return Ancestry.of(Relation.DESCENDANT);
        }
        return Ancestry.of(Relation.UNKNOWN);
    }
}
