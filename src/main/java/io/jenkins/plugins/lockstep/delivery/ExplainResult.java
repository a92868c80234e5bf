package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.image.ImageComparison;
import io.jenkins.plugins.lockstep.image.ImageDifference;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the images of a revision that the target holds differ from what would be built now.
 *
 * @param app the application
 * @param revision the revision
 * @param images in the order of the project file
 * @param seconds how long it took
 */
public record ExplainResult(String app, Revision revision, List<ExplainedImage> images, double seconds) {

    /**
     * One image.
     *
     * @param name its name in the project file
     * @param stored what the target holds
     * @param builtDigest what was built now
     * @param comparison what differs; nothing where the digests are the same
     */
    public record ExplainedImage(
            String name, StoredImage stored, String builtDigest, ImageComparison.Result comparison) {

        /** Tells whether the two are one image. */
        public boolean isSame() {
            return stored.digest().equals(builtDigest);
        }
    }

    /** Tells whether nothing differs. */
    public boolean isSame() {
        return images.stream().allMatch(ExplainedImage::isSame);
    }

    /** Returns the JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (ExplainedImage image : images) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("name", image.name());
            tree.put("image", image.stored().reference().toString());
            tree.put("same", image.isSame());
            tree.put("stored", image.stored().digest());
            tree.put("built", image.builtDigest());
            tree.put(
                    "differences",
                    image.comparison().differences().stream()
                            .map(ImageDifference::toTree)
                            .toList());
            tree.put("more", image.comparison().more());
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("vcs", revision.vcs().word());
        tree.put("revision", revision.id());
        tree.put("same", isSame());
        tree.put("images", list);
        tree.put("seconds", seconds);
        return tree;
    }
}
