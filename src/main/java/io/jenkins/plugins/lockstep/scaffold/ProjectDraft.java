package io.jenkins.plugins.lockstep.scaffold;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A project file that fits a repository; nothing is written yet.
 *
 * @param kind the kind of application, for people
 * @param app the application's name
 * @param repository where images are pushed
 * @param base the base image
 * @param environments their names
 * @param manifests where Kubernetes manifests are or will be, null where a Deployment is made
 * @param text the file
 * @param build the commands that make the image's content and the manifests
 * @param edits lines of other files that have to change, of which at least one names the released image
 * @param notes what else the user should know
 */
public record ProjectDraft(
        String kind,
        String app,
        String repository,
        String base,
        List<String> environments,
        @Nullable String manifests,
        String text,
        List<String> build,
        List<Edit> edits,
        List<String> notes) {

    /**
     * A line to change.
     *
     * @param place {@code FILE:LINE}
     * @param owner what the line belongs to, for example {@code container web of deployment/web}
     * @param from what is written
     * @param to what to write
     */
    public record Edit(String place, String owner, String from, String to) {}
}
