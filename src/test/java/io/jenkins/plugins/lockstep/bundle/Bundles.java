package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bundle with something of everything. */
final class Bundles {

    static final String SECRET = "dGlnZXI=";
    static final ResourceKey CART = new ResourceKey("apps", "Deployment", "shop", "cart");
    static final ResourceKey PASSWORD = new ResourceKey("", "Secret", "shop", "password");
    static final ResourceKey ROLE = new ResourceKey("rbac.authorization.k8s.io", "ClusterRole", "", "reader");

    private Bundles() {}

    static Bundle sample() {
        var images = List.of(new ReleasedImage(
                "cart", ImageReference.parse("registry.example.com/shop/cart:1@sha256:" + "a".repeat(64))));
        var releases = new LinkedHashMap<String, BundledRelease>();
        releases.put("staging", release(images, "shop-staging", 1, null));
        releases.put("production", release(images, "shop", 3, plan()));
        var environments = new LinkedHashMap<String, Environment>();
        environments.put("staging", environment("staging", null, Environment.HistoryRule.ANY, null));
        environments.put(
                "production",
                environment(
                        "production",
                        "staging",
                        Environment.HistoryRule.FORWARD,
                        new Environment.ReplicaBounds(3, 12, 70)));
        return new Bundle(
                "cart",
                "git",
                new KnownAncestors(List.of("c".repeat(40), "b".repeat(40))),
                true,
                images,
                new Keep(20, 30),
                environments,
                new RecentCommits(List.of(
                        new RecentCommits.Commit(
                                "c".repeat(40),
                                List.of("b".repeat(40)),
                                "Jane",
                                Instant.parse("2026-01-02T03:04:04Z"),
                                "Raise the counter"),
                        new RecentCommits.Commit("b".repeat(40), List.of(), "", Instant.EPOCH, ""))),
                new Bundle.Contents(releases.keySet(), Map.of("canary", "deploy/canary.yaml:3: no such image"), true),
                releases,
                Instant.parse("2026-01-02T03:04:05Z"),
                "jane");
    }

    static byte[] bytes(Bundle bundle) {
        var bytes = new ByteArrayOutputStream();
        try {
            BundleWriter.write(bundle, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Environment environment(
            String name, String after, Environment.HistoryRule history, Environment.ReplicaBounds bounds) {
        return new Environment(
                name,
                List.of(),
                "shop",
                "prod",
                bounds,
                after,
                history,
                Environment.HoldRule.UNTIL_DESCENDANT,
                List.of(name),
                Environment.settingsOf(name, bounds == null ? Map.of() : Map.of("scheduling", "10m", "exits", "5")));
    }

    private static BundledRelease release(
            List<ReleasedImage> images, String namespace, Integer replicas, SavedPlan plan) {
        var objects = List.of(
                object(
                        "apps/v1",
                        CART,
                        replicas,
                        "deploy/cart.yaml:1",
                        Map.of("spec", Map.of("paused", false, "n", 1))),
                object("v1", PASSWORD, null, null, Map.of("data", Map.of("password", SECRET))),
                object("rbac.authorization.k8s.io/v1", ROLE, null, null, Map.of("rules", List.of())));
        return new BundledRelease(namespace, List.of("cart-config-1"), Seal.of(images, objects), objects, plan);
    }

    private static RenderedObject object(
            String apiVersion, ResourceKey key, Integer replicas, String place, Map<String, Object> rest) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", key.kind());
        tree.put(
                "metadata",
                key.namespace().isEmpty()
                        ? Map.of("name", key.name())
                        : new TreeMap<>(Map.of("name", key.name(), "namespace", key.namespace())));
        tree.putAll(rest);
        return new RenderedObject(apiVersion, key, tree, replicas, place);
    }

    private static SavedPlan plan() {
        return new SavedPlan(
                "https://10.0.0.1:6443",
                "uid-1",
                7,
                true,
                false,
                new SecretMask("00ff"),
                List.of(
                        new PlannedChange(
                                Operation.CONFIGURE,
                                CART,
                                List.of(
                                        new FieldChange("spec.n", 0, 1),
                                        new FieldChange("spec.list", List.of("a"), null))),
                        new PlannedChange(Operation.CREATE, PASSWORD, List.of()),
                        new PlannedChange(Operation.KEEP, ROLE, List.of())));
    }
}
