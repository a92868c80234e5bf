package io.jenkins.plugins.lockstep.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownAncestorsTest {

    private static final String NEWEST = "c".repeat(40);
    private static final String MIDDLE = "b".repeat(40);
    private static final String OLDEST = "a".repeat(40);

    private final KnownAncestors lineage = new KnownAncestors(List.of(NEWEST, MIDDLE, OLDEST));

    @Test
    void itTellsTheAncestorsOfItsRevision() {
        assertThat(relation(NEWEST, NEWEST)).isEqualTo(Relation.SAME);
        assertThat(relation(OLDEST, NEWEST)).isEqualTo(Relation.ANCESTOR);
        assertThat(relation(NEWEST, MIDDLE)).isEqualTo(Relation.DESCENDANT);
    }

    @Test
    void itDoesNotGuess() {
        assertThat(relation("d".repeat(40), NEWEST)).isEqualTo(Relation.UNKNOWN);
        // Both are ancestors of the revision, but two branches that were merged would be, too.
        assertThat(relation(OLDEST, MIDDLE)).isEqualTo(Relation.UNKNOWN);
        assertThatThrownBy(() -> new KnownAncestors(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private Relation relation(String first, String second) {
        return lineage.ancestry(first, second).relation();
    }
}
