package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds the containers of a workload's manifest, init containers left out. */
public final class ContainerImages {

    private static final Set<String> TEMPLATED = Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job");

    private ContainerImages() {}

    /**
     * A container as its author wrote it.
     *
     * @param place {@code FILE:LINE} of its image
     * @param name the container's name
     * @param workload for example {@code deployment/cart}
     * @param image as it is written
     */
    public record ContainerImage(String place, String name, String workload, String image) {}

    /** Returns the containers of Kubernetes' own workloads, in their order; none for any other kind. */
    public static List<ContainerImage> of(Manifest manifest) {
        String pod;
        if (manifest.kind().equals("CronJob")) {
            pod = "spec.jobTemplate.spec.template.spec";
        } else if (TEMPLATED.contains(manifest.kind())) {
            pod = "spec.template.spec";
        } else {
            return List.of();
        }
        var containers = new ArrayList<ContainerImage>();
        List<?> items = Tree.list(Tree.at(manifest.tree(), pod.split("\\.")), "containers");
        for (int i = 0; i < items.size(); i++) {
            String image = Tree.text(items.get(i), "image");
            if (!image.isEmpty()) {
                containers.add(new ContainerImage(
                        manifest.place(pod + ".containers[" + i + "].image"),
                        Tree.text(items.get(i), "name"),
                        manifest.kind().toLowerCase(Locale.ROOT) + "/" + manifest.name(),
                        image));
            }
        }
        return List.copyOf(containers);
    }
}
