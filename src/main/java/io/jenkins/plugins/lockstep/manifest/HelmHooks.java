package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What becomes of Helm's hooks, which {@code helm template} writes like everything else and only Helm acts on.
 *
 * <ul>
 *   <li>Tests, and hooks for deletion and rollback, are left out: at a deploy they would run at the wrong time.
 *   <li>A Job that has to run before the rest is refused unless it says so in Lockstep's words, too.
 *   <li>Everything else is an object like others.
 * </ul>
 */
public final class HelmHooks {

    private static final String HOOK = "helm.sh/hook";
    private static final String RUN = "lockstep.io/run";
    private static final Set<String> RUNNING = Set.of("Job", "Pod");
    private static final Set<String> BEFORE = Set.of("pre-install", "pre-upgrade");
    private static final Set<String> AFTER = Set.of("post-install", "post-upgrade");
    private static final Set<String> AT_OTHER_TIMES = Set.of(
            "test", "test-success", "test-failure", "pre-delete", "post-delete", "pre-rollback", "post-rollback");

    private final Progress progress;

    /** @param progress is told what is left out, and warned of what runs at another time than Helm would run it */
    public HelmHooks(Progress progress) {
        this.progress = progress;
    }

    /**
     * Returns the manifests that are to be deployed.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} for a Job or Pod that Helm would run before an install or
     *     upgrade, and that is not annotated {@code lockstep.io/run: before}
     */
    public List<Manifest> resolve(List<Manifest> manifests) {
        var kept = new ArrayList<Manifest>();
        for (Manifest manifest : manifests) {
            List<String> hooks = hooks(manifest);
            if (!hooks.isEmpty() && AT_OTHER_TIMES.containsAll(hooks)) {
                progress.step("left out: " + name(manifest) + ", a Helm hook for " + String.join(", ", hooks));
            } else {
                check(manifest, hooks);
                kept.add(manifest);
            }
        }
        return List.copyOf(kept);
    }

    private void check(Manifest manifest, List<String> hooks) {
        if (!RUNNING.contains(manifest.kind())) {
            return;
        }
        boolean before = hooks.stream().anyMatch(BEFORE::contains);
        if (before
                && !Tree.text(manifest.tree(), "metadata", "annotations", RUN).equals("before")) {
            throw manifest.mistake(
                            "metadata.annotations." + HOOK,
                            name(manifest) + " is a Helm hook (" + String.join(", ", hooks) + ")")
                    .why("Lockstep runs no hooks: it would start together with the workloads")
                    .hint(
                            manifest.kind().equals("Job")
                                    ? "annotate it with `" + RUN
                                            + ": before` as well: it then runs before the workloads,"
                                            + " once each time it has changed"
                                    : "make it a Job that is annotated with `" + RUN + ": before`");
        }
        if (hooks.stream().anyMatch(AFTER::contains)) {
            progress.warn(name(manifest) + " is a Helm hook (" + String.join(", ", hooks)
                    + "): it is started together with the workloads, not after them");
        }
    }

    private static List<String> hooks(Manifest manifest) {
        String text = Tree.text(manifest.tree(), "metadata", "annotations", HOOK);
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String name(Manifest manifest) {
        return manifest.kind().toLowerCase(java.util.Locale.ROOT) + "/" + manifest.name();
    }
}
