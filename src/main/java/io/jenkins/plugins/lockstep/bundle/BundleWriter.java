package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes bundles (see {@code docs/deploy.md}, "The bundle"), one environment after the other: no more than one is in
 * memory. The same bundle always gives the same bytes.
 */
public final class BundleWriter {

    private final GZIPOutputStream zipped;
    private final MessageDigest digest = Sha256.newDigest();
    private Bundle.Contents contents = Bundle.Contents.NONE;
    private int lines;

    private BundleWriter(GZIPOutputStream zipped) {
        this.zipped = zipped;
    }

    /** Writes a bundle; the stream stays open. */
    public static void write(Bundle bundle, OutputStream stream) throws IOException {
        BundleWriter writer = begin(bundle, stream);
        for (Map.Entry<String, BundledRelease> release : bundle.releases().entrySet()) {
            writer.release(release.getKey(), release.getValue());
        }
        for (Map.Entry<String, String> problem : bundle.contents().problems().entrySet()) {
            writer.leftOut(problem.getKey(), problem.getValue());
        }
        writer.finish();
    }

    /**
     * Begins a bundle.
     *
     * @param bundle whose releases are to come; those that it has are not written
     * @param stream stays open
     */
    public static BundleWriter begin(Bundle bundle, OutputStream stream) throws IOException {
        var writer = new BundleWriter(new GZIPOutputStream(stream, 8192));
        writer.line(header(bundle));
        writer.line(Map.of(BundleFormat.ANCESTORS, bundle.lineage().ids()));
        writer.line(Map.of(
                BundleFormat.COMMITS,
                bundle.commits().commits().stream().map(BundleWriter::tree).toList()));
        return writer;
    }

    /** Writes what an environment gets. */
    public void release(String environment, BundledRelease release) throws IOException {
        contents = contents.with(environment, release.hasSecrets());
        var tree = tree();
        tree.put("environment", environment);
        tree.put("namespace", release.namespace());
        tree.put("configMaps", release.configMaps());
        tree.put("seal", release.seal());
        tree.put("secrets", release.hasSecrets());
        line(Map.of(BundleFormat.RELEASE, tree));
        for (RenderedObject object : release.objects()) {
            line(Map.of(BundleFormat.OBJECT, tree(object)));
        }
        SavedPlan plan = release.plan();
        if (plan == null) {
            return;
        }
        line(Map.of(BundleFormat.PLAN, tree(plan)));
        for (PlannedChange change : plan.changes()) {
            line(Map.of(BundleFormat.CHANGE, tree(change)));
        }
    }

    /** Writes why an environment gets nothing that was to get something. */
    public void leftOut(String environment, String why) throws IOException {
        contents = contents.without(environment, why);
        var tree = tree();
        tree.put("environment", environment);
        tree.put("why", why);
        line(Map.of(BundleFormat.LEFT_OUT, tree));
    }

    /** Ends the bundle, and returns what it has. */
    public Bundle.Contents finish() throws IOException {
        end();
        zipped.finish();
        return contents;
    }

    private static Map<String, @Nullable Object> header(Bundle bundle) {
        var tree = tree();
        tree.put("format", BundleFormat.NAME);
        tree.put("version", BundleFormat.VERSION);
        tree.put("app", bundle.app());
        tree.put("vcs", bundle.vcs());
        tree.put("revision", bundle.revision());
        tree.put("shallow", bundle.shallow());
        tree.put("at", bundle.at() == null ? null : bundle.at().toString());
        tree.put("by", bundle.by());
        var images = new ArrayList<Map<String, @Nullable Object>>();
        bundle.images().forEach(image -> {
            var one = tree();
            one.put("name", image.name());
            one.put("image", image.reference().toString());
            images.add(one);
        });
        tree.put("images", images);
        var keep = tree();
        keep.put("releases", bundle.keep().releases());
        keep.put("days", bundle.keep().days());
        tree.put("keep", keep);
        tree.put(
                "environments",
                bundle.environments().values().stream().map(BundleWriter::tree).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(RecentCommits.Commit commit) {
        var tree = tree();
        tree.put("id", commit.id());
        tree.put("parents", commit.parents());
        tree.put("author", commit.author().isEmpty() ? null : commit.author());
        tree.put("at", commit.at().toString());
        tree.put("subject", commit.subject().isEmpty() ? null : commit.subject());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Environment environment) {
        var tree = tree();
        tree.put("name", environment.name());
        tree.put("namespace", environment.namespace());
        tree.put("cluster", environment.cluster());
        tree.put("after", environment.after());
        tree.put("history", BundleFormat.word(environment.history()));
        tree.put("hold", BundleFormat.word(environment.hold()));
        Environment.ReplicaBounds bounds = environment.replicas();
        if (bounds != null) {
            var replicas = tree();
            replicas.put("min", bounds.min());
            replicas.put("max", bounds.max());
            replicas.put("cpu", bounds.cpu());
            tree.put("replicas", replicas);
        }
        if (!environment.graces().isEmpty()) {
            tree.put("graces", new LinkedHashMap<String, @Nullable Object>(environment.graces()));
        }
        return tree;
    }

    private static Map<String, @Nullable Object> tree(RenderedObject object) {
        var tree = tree();
        tree.put("apiVersion", object.apiVersion());
        put(tree, object.key());
        tree.put("replicas", object.replicas());
        tree.put("place", object.place());
        tree.put("tree", object.tree());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(SavedPlan plan) {
        var tree = tree();
        tree.put("location", plan.location());
        tree.put("namespaceUid", plan.namespaceUid());
        tree.put("newestRelease", plan.newestRelease());
        tree.put("takeOwnership", plan.takeOwnership());
        tree.put("pruneData", plan.pruneData());
        tree.put("salt", plan.mask().salt());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(PlannedChange change) {
        var tree = tree();
        tree.put("operation", BundleFormat.word(change.operation()));
        tree.put("group", change.key().group());
        put(tree, change.key());
        var fields = new ArrayList<Map<String, @Nullable Object>>();
        for (FieldChange field : change.fields()) {
            var one = tree();
            one.put("path", field.path());
            one.put("from", field.from());
            one.put("to", field.to());
            fields.add(one);
        }
        tree.put("fields", fields);
        return tree;
    }

    private static void put(Map<String, @Nullable Object> tree, ResourceKey key) {
        tree.put("kind", key.kind());
        tree.put("namespace", key.namespace());
        tree.put("name", key.name());
    }

    private static Map<String, @Nullable Object> tree() {
        return new LinkedHashMap<>();
    }

    private void line(Map<String, ?> tree) throws IOException {
        byte[] bytes = (Json.write(tree) + "\n").getBytes(StandardCharsets.UTF_8);
        digest.update(bytes);
        zipped.write(bytes);
        lines++;
    }

    private void end() throws IOException {
        var end = tree();
        end.put("lines", lines);
        end.put("sha256", HexFormat.of().formatHex(digest.digest()));
        zipped.write((Json.write(Map.of(BundleFormat.END, end)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
