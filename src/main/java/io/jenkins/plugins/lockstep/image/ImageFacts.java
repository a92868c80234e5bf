package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about itself and what only the commit knows of its files.
 *
 * @param revision the commit that is built
 * @param version for people; null for the revision's id
 * @param source where the code can be read, see {@link SourceUrl}; null where that is unknown
 * @param executable whether the commit marks a file of the work tree as executable; false for files that it does not
 *     have. Asked with paths as they result from the directory that the assembly was opened with
 */
public record ImageFacts(
        Revision revision, @Nullable String version, @Nullable String source, Predicate<Path> executable) {}
