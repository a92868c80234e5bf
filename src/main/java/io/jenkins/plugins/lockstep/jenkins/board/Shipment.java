package io.jenkins.plugins.lockstep.jenkins.board;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The commits that would come to an environment. */
@ExportedBean(defaultVisibility = 999)
public final class Shipment {

    private final boolean known;
    private final List<Commit> commits;
    private final int back;
    private final boolean complete;
    private final @Nullable String note;

    private Shipment(boolean known, List<Commit> commits, int back, boolean complete, @Nullable String note) {
        this.known = known;
        this.commits = List.copyOf(commits);
        this.back = back;
        this.complete = complete;
        this.note = note;
    }

    static Shipment unknown(String why) {
        return new Shipment(false, List.of(), 0, false, why);
    }

    /**
     * @param back how many commits that run there would go
     * @param complete whether there are no more than {@code commits}
     */
    static Shipment of(List<Commit> commits, int back, boolean complete, @Nullable String note) {
        return new Shipment(true, commits, back, complete, note);
    }

    /** Tells whether any of it is known. */
    @Exported
    public boolean isKnown() {
        return known;
    }

    /** Returns the commits, the newest first. */
    public List<Commit> getCommits() {
        return commits;
    }

    /** Returns the full ids of the commits, the newest first. */
    @Exported
    public List<String> getRevisions() {
        return commits.stream().map(Commit::id).toList();
    }

    /** Returns how many commits that run there are not part of what would be shipped. */
    @Exported
    public int getBack() {
        return back;
    }

    /** Tells whether there are no more commits than these. */
    @Exported
    public boolean isComplete() {
        return complete;
    }

    /** Returns what else is to be said, or why nothing is known; null for nothing. */
    @Exported
    public @Nullable String getNote() {
        return note;
    }

    /** Returns it in a few words, for example {@code at least 3 commits}. */
    public String getWords() {
        if (!known) {
            return "not known";
        }
        String forth =
                commits.isEmpty() && complete ? "no commits" : (complete ? "" : "at least ") + count(commits.size());
        return back == 0 ? forth : forth + ", without " + count(back) + " that run" + (back == 1 ? "s" : "") + " there";
    }

    private static String count(int commits) {
        return commits == 1 ? "1 commit" : commits + " commits";
    }
}
