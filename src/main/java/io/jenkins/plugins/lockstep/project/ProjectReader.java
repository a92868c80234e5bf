package io.jenkins.plugins.lockstep.project;

public final class ProjectReader {

    /**
     * Reads a project file.
     *
     * @param file the file's path from the repository's root: errors name it, and paths in it are relative to it
     */
    public Project read(String file, byte[] content) {
        return new Project(
                file,
                "",
                java.util.Map.of(),
                null,
                io.jenkins.plugins.lockstep.manifest.RunOptions.NONE,
                java.util.Map.of(),
                java.util.List.of(),
                null,
                null);
    }
}
