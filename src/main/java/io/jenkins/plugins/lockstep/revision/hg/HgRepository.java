package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.CommitRange;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Mercurial repository, asked anew with each question. */
final class HgRepository implements Repository {

    private final HgLayout layout;
    private final HgClient hg;
    private final List<RepositorySystem> systems;
    private final Changesets changesets;
    private final ChangesetNames names;

    HgRepository(HgLayout layout, HgClient hg, List<RepositorySystem> systems) {
        this.layout = layout;
        this.hg = hg;
        this.systems = systems;
        this.changesets = new Changesets(hg);
        this.names = new ChangesetNames(hg, changesets, layout.root());
    }

    @Override
    public Path root() {
        return layout.root();
    }

    @Override
    public Revision resolve(String expression) {
        return names.find(expression);
    }

    @Override
    public List<String> uncommittedChanges() {
        return new WorkTreeChanges(hg, changesets, layout.root(), systems).find();
    }

    @Override
    public RevisionFiles files(Revision revision) {
        return new HgFiles(hg, names.byFullId(revision.id()));
    }

    @Override
    public Ancestry ancestry(String first, String second) {
        if (!has(first, second)) {
            return Ancestry.of(Relation.UNKNOWN);
        }
        if (first.equals(second)) {
            return Ancestry.of(Relation.SAME);
        }
        String base = changesets.commonAncestor(first, second).orElse("");
        if (base.isEmpty()) {
            return Ancestry.of(Relation.UNRELATED);
        }
        if (base.equals(first)) {
            return Ancestry.of(Relation.ANCESTOR);
        }
        return base.equals(second) ? Ancestry.of(Relation.DESCENDANT) : new Ancestry(Relation.DIVERGED, base);
    }

    private boolean has(String first, String second) {
        return Revision.isFullId(first)
                && Revision.isFullId(second)
                && changesets.present(List.of(first, second)).containsAll(List.of(first, second));
    }

    @Override
    public CommitRange only(String first, String second, int most) {
        return has(first, second) ? changesets.only(first, second, most) : CommitRange.NONE;
    }

    @Override
    public List<String> ancestors(Revision revision, int most) {
        String id = names.byFullId(revision.id()).id();
        return most < 1 ? List.of() : changesets.ancestors(id, most);
    }

    @Override
    public RecentCommits recent(Revision revision, int most) {
        String id = names.byFullId(revision.id()).id();
        return most < 1 ? RecentCommits.NONE : changesets.recent(id, most);
    }

    /** Changesets are always there as a whole; what may be missing of some clones is old content. */
    @Override
    public boolean isShallow() {
        return false;
    }

    @Override
    public List<String> changedPaths(Revision from, Revision to) {
        return new ChangedPaths(hg, names.byFullId(from.id()), names.byFullId(to.id())).find();
    }

    @Override
    public Optional<String> originUrl() {
        return layout.defaultPath();
    }

    @Override
    public void close() {
        hg.close();
    }
}
