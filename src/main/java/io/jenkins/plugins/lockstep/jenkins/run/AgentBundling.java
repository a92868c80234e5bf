package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.BundleRequest;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Renders a revision in its workspace into a bundle. The bytes go back to the controller; the agent keeps none. */
final class AgentBundling extends AgentWork<byte[]> {

    /** The name, among those of the namespaces, of the cluster that is taken where none is named. */
    static final String DEFAULT_CLUSTER = "";

    private static final long serialVersionUID = 1L;

    private final ProjectArguments project;
    private final TargetArguments target;
    private final @Nullable String environment;
    private final @Nullable String namespace;
    private final LinkedHashMap<String, String> namespaces;

    /**
     * @param target where the images are
     * @param environment the only one to render, null for all
     * @param namespace where to put it instead of the project file's, null for that
     * @param namespaces the default namespaces of clusters by name
     */
    AgentBundling(
            ProjectArguments project,
            TargetArguments target,
            @Nullable String environment,
            @Nullable String namespace,
            Map<String, String> namespaces,
            RunContext context,
            Map<String, RegistryLogin> logins,
            TaskListener listener) {
        super(context, logins, listener);
        this.project = project;
        this.target = target;
        this.environment = environment;
        this.namespace = namespace;
        this.namespaces = new LinkedHashMap<>(namespaces);
    }

    @Override
    Set<AgentClasses> classes() {
        return Set.of(AgentClasses.IMAGES);
    }

    @Override
    byte[] work(Delivery delivery, Path workspace, RunContext context, Progress progress) {
        var bytes = new ByteArrayOutputStream();
        delivery.bundle(
                new BundleRequest(
                        project.in(workspace),
                        target.in(project.directoryIn(workspace)),
                        environment,
                        namespace,
                        cluster -> namespaces.get(cluster == null ? DEFAULT_CLUSTER : cluster)),
                bytes,
                progress);
        return bytes.toByteArray();
    }
}
