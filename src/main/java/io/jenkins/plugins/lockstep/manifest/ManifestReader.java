package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.nio.file.Path;
import java.util.List;

public final class ManifestReader {

    /** Reads one file. */
    public List<Manifest> read(String file, byte[] content) {
        return List.of();
    }

    /** Reads a file or a directory of a revision; {@code path} is a repository path. */
    public List<Manifest> read(RevisionFiles files, String path) {
        return List.of();
    }

    /** Reads a build output, a file or a directory of the work tree; {@code name} is what errors call it. */
    public List<Manifest> readGenerated(Path path, String name) {
        return List.of();
    }
}
