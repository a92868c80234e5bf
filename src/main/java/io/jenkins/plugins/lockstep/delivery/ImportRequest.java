package io.jenkins.plugins.lockstep.delivery;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code import} is asked for.
 *
 * @param project the project that the manifests are for; its file is read from the work tree, and need not be there
 * @param objects each as {@code KIND/NAME}
 * @param target where they run
 * @param environment one of the project's, whose namespace and cluster are taken; null for the target's own
 * @param output the directory to write to, null for the project's manifests or else {@code deploy}
 * @param toOutput false where nothing is to be written
 * @param settings what comes along
 */
public record ImportRequest(
        ProjectLocation project,
        List<String> objects,
        Target target,
        @Nullable String environment,
        @Nullable Path output,
        boolean toOutput,
        Settings settings) {

    /**
     * What comes along.
     *
     * @param related Services, ConfigMaps and the like that belong to the named workloads
     * @param withSecrets Secrets too, with their values
     * @param force files that are there are replaced
     */
    public record Settings(boolean related, boolean withSecrets, boolean force) {}
}
