package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Releases and inventories as plain trees: what ledgers keep and what JSON shows.
 *
 * <p>Reading ignores fields that it does not know, so that an older Lockstep can read what a newer one wrote.
 */
public final class ReleaseDocument {

    private ReleaseDocument() {}

    /** Writes a release; the names are those of the design's JSON, {@code null} where there is nothing. */
    public static Map<String, @Nullable Object> of(Release release) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", release.app());
        tree.put("environment", release.environment());
        tree.put("number", release.number());
        tree.put("revision", release.revision());
        tree.put("vcs", release.vcs());
        tree.put("images", release.images().stream().map(ReleaseDocument::of).toList());
        tree.put(
                "digest",
                release.images().isEmpty()
                        ? null
                        : release.images().get(0).reference().digest());
        tree.put("configMaps", release.configMaps());
        tree.put("seal", release.seal());
        tree.put("at", release.at().toString());
        tree.put("by", release.by());
        tree.put("build", release.build());
        tree.put("verdict", release.verdict() == null ? null : of(release.verdict()));
        if (release.undoing() != null) {
            tree.put("undoing", of(release.undoing()));
        }
        tree.put("rollbackOf", release.rollbackOf());
        tree.put("restored", release.restored());
        if (release.lease() != null) {
            tree.put("lease", release.lease());
        }
        if (!release.remarks().isEmpty()) {
            tree.put("remarks", release.remarks());
        }
        if (release.pinned()) {
            tree.put("pinned", true);
        }
        if (release.collected()) {
            tree.put("collected", true);
        }
        return tree;
    }

    private static Map<String, @Nullable Object> of(ReleasedImage image) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("name", image.name());
        tree.put("image", image.reference().toString());
        tree.put("digest", image.reference().digest());
        return tree;
    }

    /** Writes a verdict. */
    public static Map<String, @Nullable Object> of(Verdict verdict) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("code", verdict.code().word());
        tree.put("message", verdict.message());
        tree.put("evidence", verdict.evidence());
        tree.put("hint", verdict.hint());
        return tree;
    }

    /**
     * Reads a release.
     *
     * @param tree what {@link #of(Release)} wrote
     * @param place where it was found, for errors
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a field is missing or has a wrong type
     */
    public static Release read(@Nullable Object tree, String place) {
        Fields fields = Fields.of(tree, place);
        try {
            return new Release(
                    fields.text("app"),
                    fields.text("environment"),
                    fields.number("number"),
                    fields.text("revision"),
                    fields.text("vcs"),
                    fields.maps("images").stream()
                            .map(image ->
                                    new ReleasedImage(image.text("name"), ImageReference.parse(image.text("image"))))
                            .toList(),
                    fields.texts("configMaps"),
                    fields.text("seal"),
                    Instant.parse(fields.text("at")),
                    fields.text("by"),
                    fields.optionalText("build"),
                    readVerdict(fields.optionalMap("verdict")),
                    readVerdict(fields.optionalMap("undoing")),
                    fields.optionalNumber("rollbackOf"),
                    fields.optionalNumber("restored"),
                    fields.optionalNumber("lease"),
                    fields.optionalTexts("remarks"),
                    fields.optionalFlag("pinned"),
                    fields.optionalFlag("collected"));
        } catch (java.time.format.DateTimeParseException e) {
            throw fields.damaged("at").causedBy(e);
        }
    }

    private static @Nullable Verdict readVerdict(@Nullable Fields verdict) {
        if (verdict == null) {
            return null;
        }
        return new Verdict(
                Verdict.Code.ofWord(verdict.text("code")),
                verdict.text("message"),
                verdict.texts("evidence"),
                verdict.optionalText("hint"));
    }

    /** Writes an inventory. */
    public static List<Map<String, @Nullable Object>> of(List<InventoryItem> inventory) {
        var list = new ArrayList<Map<String, @Nullable Object>>(inventory.size());
        for (InventoryItem item : inventory) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("apiVersion", item.apiVersion());
            tree.put("kind", item.key().kind());
            tree.put("namespace", item.key().namespace());
            tree.put("name", item.key().name());
            tree.put("uid", item.uid());
            tree.put("created", item.created());
            if (item.completed()) {
                tree.put("completed", true);
            }
            list.add(tree);
        }
        return list;
    }

    /**
     * Reads an inventory.
     *
     * @param list what {@link #of(List)} wrote, or null for an empty one
     * @param place where it was found, for errors
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a field is missing or has a wrong type
     */
    public static List<InventoryItem> readInventory(@Nullable Object list, String place) {
        return Fields.list(list, place).stream()
                .map(item -> new InventoryItem(
                        item.text("apiVersion"),
                        new ResourceKey(
                                ResourceKey.groupOf(item.text("apiVersion")),
                                item.text("kind"),
                                item.text("namespace"),
                                item.text("name")),
                        item.text("uid"),
                        item.flag("created"),
                        item.optionalFlag("completed")))
                .toList();
    }
}
