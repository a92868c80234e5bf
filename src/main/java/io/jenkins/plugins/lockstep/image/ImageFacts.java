package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.revision.Revision;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about itself and what only the commit knows of its files.
 *
 * @param revision the commit that is built
 * @param version for people; null for the revision's id
 * @param source where the code can be read, see {@link SourceUrl}; null where that is unknown
 * @param committed the commit's view of the work tree
 */
public record ImageFacts(
        Revision revision, @Nullable String version, @Nullable String source, CommittedFiles committed) {}
