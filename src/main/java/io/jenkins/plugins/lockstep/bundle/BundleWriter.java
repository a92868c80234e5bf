package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
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

/** Writes bundles (see {@code docs/deploy.md}, "The bundle"). The same bundle always gives the same bytes. */
public final class BundleWriter {

    private final OutputStream out;
    private final MessageDigest digest = Sha256.newDigest();
    private int lines;

    private BundleWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes a bundle; the stream stays open. */
    public static void write(Bundle bundle, OutputStream stream) throws IOException {
        var zipped = new GZIPOutputStream(stream, 8192);
        var writer = new BundleWriter(zipped);
        writer.line(header(bundle));
        writer.line(Map.of(BundleFormat.ANCESTORS, bundle.lineage().ids()));
        for (Map.Entry<String, BundledRelease> release : bundle.releases().entrySet()) {
            writer.release(release.getKey(), release.getValue());
        }
        writer.end();
        zipped.finish();
    }

    private void release(String environment, BundledRelease release) throws IOException {
        var tree = tree();
        tree.put("environment", environment);
        tree.put("namespace", release.namespace());
        tree.put("configMaps", release.configMaps());
        tree.put("seal", release.seal());
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

    private static Map<String, @Nullable Object> header(Bundle bundle) {
        var tree = tree();
        tree.put("format", BundleFormat.NAME);
        tree.put("version", BundleFormat.VERSION);
        tree.put("app", bundle.app());
        tree.put("vcs", bundle.vcs());
        tree.put("revision", bundle.revision());
        tree.put("shallow", bundle.shallow());
        tree.put("at", bundle.at().toString());
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
        tree.put("releases", new ArrayList<>(bundle.releases().keySet()));
        tree.put(
                "environments",
                bundle.environments().values().stream().map(BundleWriter::tree).toList());
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
        out.write(bytes);
        lines++;
    }

    private void end() throws IOException {
        var end = tree();
        end.put("lines", lines);
        end.put("sha256", HexFormat.of().formatHex(digest.digest()));
        out.write((Json.write(Map.of(BundleFormat.END, end)) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
