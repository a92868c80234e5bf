package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts that several JSON documents of the contract share (design, section 3). */
final class Trees {

    private Trees() {}

    static List<Map<String, @Nullable Object>> images(Release release) {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (Release.ReleasedImage image : release.images()) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("name", image.name());
            tree.put("image", image.reference().toString());
            tree.put("digest", image.reference().digest());
            list.add(tree);
        }
        return list;
    }

    /** Puts {@code image} and {@code digest} of the first image; null for an application without images. */
    static void putFirstImage(Map<String, @Nullable Object> tree, Release release) {
        var first = release.images().isEmpty() ? null : release.images().get(0).reference();
        tree.put("image", first == null ? null : first.toString());
        tree.put("digest", first == null ? null : first.digest());
    }

    static Map<String, @Nullable Object> verdict(Verdict verdict) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("code", verdict.code().word());
        tree.put("message", verdict.message());
        tree.put("hint", verdict.hint());
        tree.put("evidence", new ArrayList<>(verdict.evidence()));
        return tree;
    }

    static Map<String, @Nullable Object> numberAndRevision(Release release) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("number", release.number());
        tree.put("revision", release.revision());
        return tree;
    }

    static Map<String, @Nullable Object> historyEntry(Release release) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("number", release.number());
        tree.put("revision", release.revision());
        tree.put(
                "digest",
                release.images().isEmpty()
                        ? null
                        : release.images().get(0).reference().digest());
        tree.put("seal", release.seal());
        tree.put("at", release.at().toString());
        tree.put("by", release.by());
        tree.put("build", release.build());
        tree.put("verdict", release.verdict() == null ? null : verdict(release.verdict()));
        tree.put("rollbackOf", release.rollbackOf());
        tree.put("pinned", release.pinned());
        tree.put("collected", release.collected());
        return tree;
    }
}
