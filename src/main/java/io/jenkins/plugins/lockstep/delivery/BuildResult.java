package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images of a revision.
 *
 * @param app the application
 * @param revision the revision
 * @param images in the order of the project file
 * @param seconds how long it took
 */
public record BuildResult(String app, Revision revision, List<BuiltImage> images, double seconds) {

    /**
     * One image.
     *
     * @param name its name in the project file
     * @param stored where it is
     * @param reused whether the tag held this revision already, so that nothing was built
     */
    public record BuiltImage(String name, StoredImage stored, boolean reused) {}

    /** Returns the JSON document of the contract (design, section 3). */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (BuiltImage image : images) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("name", image.name());
            tree.put("image", image.stored().reference().toString());
            tree.put("digest", image.stored().digest());
            tree.put(
                    "tags",
                    new ArrayList<>(
                            List.of(String.valueOf(image.stored().reference().tag()))));
            tree.put("pushed", !image.reused());
            tree.put("reused", image.reused());
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("vcs", revision.vcs().word());
        tree.put("revision", revision.id());
        tree.put("images", list);
        tree.put("image", list.get(0).get("image"));
        tree.put("digest", list.get(0).get("digest"));
        tree.put("seconds", seconds);
        return tree;
    }
}
