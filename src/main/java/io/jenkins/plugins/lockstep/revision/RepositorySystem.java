package io.jenkins.plugins.lockstep.revision;

import java.nio.file.Path;

/** One version control system, as {@link NearestRepository} asks it. */
public interface RepositorySystem extends RepositoryFinder {

    /** Returns the system whose repositories this one opens. */
    Vcs vcs();

    /** Returns what marks the top of a work tree, for messages: {@code .git} or {@code .hg}. */
    String marker();

    /** Tells whether {@code directory} itself is the top of a repository of this system; looks at no other directory. */
    boolean isAt(Path directory);
}
