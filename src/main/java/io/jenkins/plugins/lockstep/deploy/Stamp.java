package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Lockstep writes onto an object's own metadata, never into a pod template (design, section 5, rule 1).
 *
 * @param app label {@code lockstep.io/app}
 * @param environment label {@code lockstep.io/environment}
 * @param revision annotation {@code lockstep.io/revision}
 * @param release annotation {@code lockstep.io/release}
 * @param seal annotation {@code lockstep.io/seal}
 */
public record Stamp(String app, String environment, String revision, int release, String seal) {

    public static final String APP_LABEL = "lockstep.io/app";
    public static final String ENVIRONMENT_LABEL = "lockstep.io/environment";
    public static final String REVISION_ANNOTATION = "lockstep.io/revision";
    public static final String RELEASE_ANNOTATION = "lockstep.io/release";
    public static final String SEAL_ANNOTATION = "lockstep.io/seal";

    /** Annotation with the hash of the rendered object as it was applied last. */
    public static final String APPLIED_ANNOTATION = "lockstep.io/applied";

    /**
     * Annotation with {@code true} on an object that Lockstep created, so that this is known also where the deploy died
     * before the ledger's inventory was written.
     */
    public static final String CREATED_ANNOTATION = "lockstep.io/created";

    /** Tells whether Lockstep created the object and this release was the last to write it. */
    boolean isOfObjectCreated(LiveObject live) {
        return "true".equals(live.annotation(CREATED_ANNOTATION)) && isOn(live);
    }

    /** Tells whether this release was the last to write the object. */
    boolean isOn(LiveObject live) {
        return String.valueOf(release).equals(live.annotation(RELEASE_ANNOTATION))
                && app.equals(Tree.text(live.tree(), "metadata", "labels", APP_LABEL))
                && environment.equals(Tree.text(live.tree(), "metadata", "labels", ENVIRONMENT_LABEL));
    }

    /** Tells whether this is one of the environment's own content-named ConfigMaps. */
    boolean isOfConfiguration(LiveObject live) {
        return app.equals(live.label(APP_LABEL))
                && environment.equals(live.label(ENVIRONMENT_LABEL))
                && isOwnConfiguration(live);
    }

    /**
     * Tells whether this is a content-named ConfigMap that nobody but Lockstep ever wrote. It may belong to several
     * releases and so says nothing of the one that created it, which may have died before it could write that down. The
     * content must give the name: what only looks like it is somebody's.
     */
    static boolean isOwnConfiguration(LiveObject live) {
        String app = live.label(APP_LABEL);
        return app != null
                && KnownKinds.isImmutable(live.key(), live.tree())
                && live.key().kind().equals("ConfigMap")
                && ContentName.isOf(app, live.tree())
                && FieldOwnership.isOfNobodyElse(live);
    }

    /**
     * Returns a copy of the object with labels and annotations. An immutable ConfigMap or Secret may belong to several
     * releases, so it gets nothing that differs from one to the next.
     *
     * @param created whether Lockstep created the object
     */
    public Map<String, @Nullable Object> on(RenderedObject object, boolean created) {
        Map<String, @Nullable Object> tree = Tree.copy(object.tree());
        Map<String, @Nullable Object> metadata = Tree.map(tree, "metadata");
        Map<String, @Nullable Object> labels = Tree.map(metadata, "labels");
        labels.put(APP_LABEL, app);
        labels.put(ENVIRONMENT_LABEL, environment);
        Map<String, @Nullable Object> annotations = Tree.map(metadata, "annotations");
        if (!KnownKinds.isImmutable(object.key(), object.tree())) {
            annotations.put(REVISION_ANNOTATION, revision);
            annotations.put(RELEASE_ANNOTATION, String.valueOf(release));
            annotations.put(SEAL_ANNOTATION, seal);
            if (created) {
                annotations.put(CREATED_ANNOTATION, "true");
            }
        }
        annotations.put(APPLIED_ANNOTATION, object.hash());
        metadata.put("labels", labels);
        metadata.put("annotations", annotations);
        tree.put("metadata", metadata);
        return tree;
    }
}
