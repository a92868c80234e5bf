package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.time.Instant;
import java.util.List;

/**
 * A commit of the project.
 *
 * @param id full
 * @param parents full ids, the first one is the branch that was committed to
 * @param author as the commit says
 * @param at when it was committed
 * @param subject the first line of its message
 */
public record Commit(String id, List<String> parents, String author, Instant at, String subject) {

    public Commit {
        parents = List.copyOf(parents);
    }

    // Views and the remote API read beans.

    public String getId() {
        return id;
    }

    public String getShortId() {
        return Revision.shortId(id);
    }

    public String getAuthor() {
        return author;
    }

    public String getSubject() {
        return subject;
    }
}
