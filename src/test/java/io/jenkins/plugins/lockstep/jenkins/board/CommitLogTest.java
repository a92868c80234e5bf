package io.jenkins.plugins.lockstep.jenkins.board;

import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.commit;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.id;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.log;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitLogTest {

    /** 5 merges the branch 4-3 into 2; all come from 1. */
    private static final CommitLog MERGED =
            log(commit('5', '2', '4'), commit('4', '3'), commit('3', '1'), commit('2', '1'), commit('1'));

    @Test
    void whatShipsIsWhatTheNewerOneHasAndTheOlderOneLacks() {
        Shipment shipment = MERGED.shipment(id('2'), id('5'));

        assertThat(shipment.getRevisions()).containsExactly(id('5'), id('4'), id('3'));
        assertThat(shipment.isComplete()).isTrue();
        assertThat(shipment.getWords()).isEqualTo("3 commits");
    }

    @Test
    void commitsOfABranchBesideAreNotShipped() {
        assertThat(MERGED.shipment(id('1'), id('2')).getRevisions()).containsExactly(id('2'));
    }

    @Test
    void whatRunsThereAndWouldGoIsTold() {
        Shipment shipment = MERGED.shipment(id('4'), id('2'));

        assertThat(shipment.getRevisions()).containsExactly(id('2'));
        assertThat(shipment.getBack()).isEqualTo(2);
        assertThat(shipment.getWords()).isEqualTo("1 commit, without 2 commits that run there");
    }

    @Test
    void anOlderRevisionShipsNothingAndTakesBack() {
        assertThat(MERGED.shipment(id('5'), id('4')).getWords())
                .isEqualTo("no commits, without 2 commits that run there");
    }

    @Test
    void theSameRevisionShipsNothing() {
        Shipment shipment = MERGED.shipment(id('5'), id('5'));

        assertThat(shipment.getWords()).isEqualTo("no commits");
        assertThat(shipment.getNote()).isEqualTo("the same revision runs there");
    }

    @Test
    void aLogThatEndsEarlyTellsTheLeast() {
        CommitLog cut = log(commit('5', '4'), commit('4', '3'));

        assertThat(cut.shipment(id('1'), id('5')))
                .returns("at least 2 commits", Shipment::getWords)
                .returns(false, Shipment::isComplete)
                .returns("the newest build does not know 111111111111, which runs there", Shipment::getNote);
        assertThat(cut.shipment(id('4'), id('5'))).returns("1 commit", Shipment::getWords);
        assertThat(cut.shipment(null, id('5')))
                .returns("at least 2 commits", Shipment::getWords)
                .returns("nothing runs there yet", Shipment::getNote);
    }

    @Test
    void aRevisionThatNobodyKnowsShipsWhatNobodyKnows() {
        assertThat(MERGED.shipment(id('1'), id('9')))
                .returns(false, Shipment::isKnown)
                .returns("not known", Shipment::getWords)
                .returns("the newest build does not know 999999999999", Shipment::getNote);
    }
}
