package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.scaffold.ProjectDraft;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A project file that fits a repository.
 *
 * @param file where it is, or would be
 * @param written false where nothing was to be written
 * @param draft the file and what is to be said about it
 * @param next the commands that come next, to be given in the file's directory
 */
public record InitResult(Path file, boolean written, ProjectDraft draft, List<String> next) {

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var edits = new ArrayList<Map<String, @Nullable Object>>();
        for (ProjectDraft.Edit edit : draft.edits()) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("place", edit.place());
            tree.put("owner", edit.owner());
            tree.put("from", edit.from());
            tree.put("to", edit.to());
            edits.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("file", file.toString());
        tree.put("written", written);
        tree.put("kind", draft.kind());
        tree.put("app", draft.app());
        tree.put("repository", draft.repository());
        tree.put("base", draft.base());
        tree.put("environments", new ArrayList<>(draft.environments()));
        tree.put("manifests", draft.manifests());
        tree.put("edits", edits);
        tree.put("notes", new ArrayList<>(draft.notes()));
        tree.put("next", new ArrayList<>(next));
        tree.put("text", draft.text());
        return tree;
    }
}
