package io.jenkins.plugins.lockstep.scaffold;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about a new project file; whatever is null is found out.
 *
 * @param app the application's name
 * @param repository where images are pushed, without a tag
 * @param base the base image
 * @param environments their names; empty for one named {@code staging}
 */
public record ScaffoldOptions(
        @Nullable String app, @Nullable String repository, @Nullable String base, List<String> environments) {}
