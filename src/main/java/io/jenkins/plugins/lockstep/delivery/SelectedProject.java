package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.project.Project;

/**
 * A project that was chosen, read and checked.
 *
 * @param name what tells it from the others: its application, and its file where two have that application
 * @param project as its project file says
 * @param location the project at the one revision that all chosen ones have
 * @param why why it is among the chosen ones
 */
public record SelectedProject(String name, Project project, ProjectLocation location, String why) {

    public String app() {
        return project.app();
    }

    /** Returns the project file as a path in the repository. */
    public String file() {
        return project.file();
    }

    /** Returns the same project, with another reason. */
    SelectedProject because(String reason) {
        return new SelectedProject(name, project, location, reason);
    }
}
