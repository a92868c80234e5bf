package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one commit that a name, a short id or a full id means.
 *
 * <p>In this order, as Git does: {@code HEAD}, a full id, tags and branches, a short id.
 */
final class CommitNames {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern DESCRIBED = Pattern.compile(".+-[0-9]+-g([0-9a-f]{4,40})(?:-dirty)?");
    private static final String SYMBOLIC = "ref:";
    private static final int SHORTEST_ID = 4;
    private static final int MOST_LISTED = 10;

    private final Map<String, Ref> references;
    private final RevWalk walk;
    private final GitLayout layout;
    private final boolean shallow;

    CommitNames(Map<String, Ref> references, RevWalk walk, GitLayout layout, boolean shallow) {
        this.references = references;
        this.walk = walk;
        this.layout = layout;
        this.shallow = shallow;
    }

    RevCommit find(String text) throws IOException {
        RevisionExpression expression = RevisionExpression.parse(text, layout.place());
        RevCommit commit = start(expression.name());
        for (RevisionExpression.Step step : expression.steps()) {
            for (int i = 0; step.parent() > 0 && i < step.times(); i++) {
                commit = parent(commit, step.parent(), text);
            }
        }
        return commit;
    }

    private RevCommit start(String name) throws IOException {
        if (name.equals(Constants.HEAD)) {
            return head();
        }
        boolean hex = HEX.matcher(name).matches();
        if (hex && name.length() == Constants.OBJECT_ID_STRING_LENGTH) {
            return byFullId(name.toLowerCase(Locale.ROOT));
        }
        Optional<RevCommit> named = byReference(name);
        if (named.isEmpty()
                && hex
                && name.length() >= SHORTEST_ID
                && name.length() < Constants.OBJECT_ID_STRING_LENGTH) {
            named = byShortId(name.toLowerCase(Locale.ROOT));
        }
        if (named.isEmpty()) {
            referencesOf(name).forEach(this::refuseDamaged);
        }
        return named.orElseThrow(() -> unknown(name, hex));
    }

    /** Returns the branch that is checked out, even where JGit has nothing to say about it. */
    private Optional<String> checkedOut() throws IOException {
        String head =
                Files.readString(layout.gitDirectory().resolve(Constants.HEAD)).strip();
        return head.startsWith(SYMBOLIC)
                ? Optional.of(head.substring(SYMBOLIC.length()).strip())
                : Optional.empty();
    }

    /** Fails where the reference has a file, for JGit passes over files that it can't read. */
    private void refuseDamaged(String reference) {
        File file = new File(layout.commonDirectory().toFile(), reference);
        if (file.isFile()) {
            throw failure("the reference " + reference + " is damaged")
                    .why("its file is empty or holds no id: a crash or a full disk leaves such files")
                    .hint("'git fsck' finds all of them; fetch again, or clone anew");
        }
    }

    /** Returns what {@code name} may be short for, in Git's order. */
    private static List<String> referencesOf(String name) {
        return name.startsWith(Constants.R_REFS)
                ? List.of(name)
                : Stream.of(Constants.R_TAGS, Constants.R_HEADS, Constants.R_REMOTES, Constants.R_REFS)
                        .map(prefix -> prefix + name)
                        .toList();
    }

    private RevCommit head() throws IOException {
        Ref head = references.get(Constants.HEAD);
        if (head == null || head.getObjectId() == null) {
            checkedOut().ifPresent(this::refuseDamaged);
            throw DeliveryException.of(Problem.BAD_INPUT, "HEAD names no commit")
                    .where(layout.place().toString())
                    .why(
                            references.isEmpty()
                                    ? "the repository has no commits yet"
                                    : "the checked-out branch has no commits yet")
                    .hint("commit first, or name a branch, a tag or an id");
        }
        return walk.parseCommit(head.getObjectId());
    }

    private RevCommit byFullId(String id) throws IOException {
        RevObject object;
        try {
            object = walk.parseAny(ObjectId.fromString(id));
        } catch (MissingObjectException e) {
            throw failure("the repository does not have the commit " + id)
                    .why(shallow ? "it is a shallow clone, which holds the newest commits alone" : null)
                    .hint(shallow ? "'git fetch --unshallow' brings the rest" : "'git fetch' brings what is new")
                    .causedBy(e);
        }
        return peeled(object, "id " + id);
    }

    private Optional<RevCommit> byReference(String name) throws IOException {
        var found = new LinkedHashMap<String, RevCommit>();
        for (String full : referencesOf(name)) {
            Ref reference = references.get(full);
            if (reference != null && reference.getObjectId() != null) {
                RevObject object = walk.parseAny(reference.getObjectId());
                found.put(reference.getName(), peeled(object, described(reference.getName())));
            }
        }
        if (found.values().stream().distinct().count() > 1) {
            throw failure("'" + name + "' means more than one commit")
                    .why(found.entrySet().stream()
                            .map(entry -> "the " + described(entry.getKey()) + " is "
                                    + entry.getValue().abbreviate(12).name())
                            .collect(Collectors.joining(", ")))
                    .hint("say " + String.join(" or ", found.keySet()));
        }
        return found.values().stream().findFirst();
    }

    private Optional<RevCommit> byShortId(String digits) throws IOException {
        var commits = new TreeMap<String, RevCommit>();
        @Nullable RevObject other = null;
        for (ObjectId id : walk.getObjectReader().resolve(AbbreviatedObjectId.fromString(digits))) {
            RevObject object = walk.peel(walk.parseAny(id));
            if (object instanceof RevCommit commit) {
                commits.put(commit.name(), commit);
            } else {
                other = object;
            }
        }
        if (commits.isEmpty() && other != null) {
            return Optional.of(peeled(other, "id " + digits));
        }
        if (commits.size() > 1) {
            String more = commits.size() > MOST_LISTED ? " and " + (commits.size() - MOST_LISTED) + " more" : "";
            throw failure("the short id " + digits + " means more than one commit")
                    .why(commits.values().stream()
                                    .limit(MOST_LISTED)
                                    .map(commit -> commit.abbreviate(12).name() + " ("
                                            + RevisionExpression.printable(commit.getShortMessage()) + ")")
                                    .collect(Collectors.joining(", "))
                            + more)
                    .hint("give more of its digits");
        }
        return commits.values().stream().findFirst();
    }

    private RevCommit peeled(RevObject object, String described) throws IOException {
        RevObject target = walk.peel(object);
        if (target instanceof RevCommit commit) {
            walk.parseBody(commit);
            return commit;
        }
        throw failure("the " + described + " names no commit")
                .why("it names a " + Constants.typeString(target.getType()))
                .hint("'git cat-file -p' shows what it is");
    }

    private RevCommit parent(RevCommit child, int number, String text) throws IOException {
        if (child.getParentCount() < number) {
            boolean cut = shallow && child.getParentCount() == 0;
            throw failure("there is no commit " + text)
                    .why(child.abbreviate(12).name() + " has " + child.getParentCount()
                            + (cut ? " parents in this shallow clone" : " parents"))
                    .hint(cut ? "'git fetch --unshallow' brings the rest" : null);
        }
        return walk.parseCommit(child.getParent(number - 1));
    }

    private DeliveryException unknown(String name, boolean hex) {
        DeliveryException failure = failure("no branch, tag or commit is named '" + name + "'");
        Matcher described = DESCRIBED.matcher(name);
        if (described.matches()) {
            return failure.why("it looks like what 'git describe' writes")
                    .hint("give the id alone: " + described.group(1));
        }
        if (hex && name.length() < SHORTEST_ID) {
            return failure.why("a short id needs at least " + SHORTEST_ID + " digits");
        }
        if (hex) {
            failure = failure.why("and no commit's id starts with it");
        }
        return failure.hint(nearest(name));
    }

    private String nearest(String name) {
        List<String> known = references.keySet().stream()
                .flatMap(CommitNames::shortName)
                .distinct()
                .sorted()
                .toList();
        if (known.isEmpty()) {
            return "the repository has no branch and no tag yet: commit first";
        }
        if (name.equalsIgnoreCase(Constants.HEAD)) {
            return "did you mean 'HEAD'?";
        }
        return Stream.concat(
                        known.stream().filter(word -> word.endsWith("/" + name)).findFirst().stream(),
                        NearestWord.of(name, known).stream())
                .findFirst()
                .map(word -> "did you mean '" + word + "'?")
                .orElseGet(() -> shallow
                        ? "this clone is shallow: 'git fetch --unshallow --tags' brings the rest"
                        : "known here: "
                                + known.stream().limit(MOST_LISTED).collect(Collectors.joining(", "))
                                + (known.size() > MOST_LISTED ? " and " + (known.size() - MOST_LISTED) + " more" : ""));
    }

    private static Stream<String> shortName(String reference) {
        return Stream.of(Constants.R_HEADS, Constants.R_TAGS, Constants.R_REMOTES)
                .filter(reference::startsWith)
                .map(prefix -> reference.substring(prefix.length()));
    }

    private static String described(String reference) {
        if (reference.startsWith(Constants.R_TAGS)) {
            return "tag " + reference.substring(Constants.R_TAGS.length());
        }
        if (reference.startsWith(Constants.R_HEADS)) {
            return "branch " + reference.substring(Constants.R_HEADS.length());
        }
        if (reference.startsWith(Constants.R_REMOTES)) {
            return "remote branch " + reference.substring(Constants.R_REMOTES.length());
        }
        return "reference " + reference;
    }

    private DeliveryException failure(String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what)
                .where(layout.place().toString());
    }
}
