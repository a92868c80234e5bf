package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.config.ConfigMapRenderer;
import io.jenkins.plugins.lockstep.config.Configuration;
import io.jenkins.plugins.lockstep.config.ConfigurationReader;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import java.util.Optional;

/** Combines an environment and says where each part of it comes from; needs the repository alone. */
final class ExplainConfig {

    private final RepositoryFinder repositories;

    ExplainConfig(RepositoryFinder repositories) {
        this.repositories = repositories;
    }

    EffectiveConfig run(ProjectLocation location, String environmentName) {
        try (OpenProject open = OpenProject.open(repositories, location)) {
            Project project = open.project();
            Environment environment = project.environment(environmentName);
            Configuration configuration =
                    new ConfigurationReader().read(environment.config(), open.files(), open.repositoryDirectory());
            // The name follows from the content: the namespace, which only the target may know, has no part in it.
            Optional<RenderedObject> configMap = new ConfigMapRenderer().render(project.app(), "any", configuration);
            return new EffectiveConfig(
                    project.app(),
                    project.file(),
                    open.revision(),
                    environment,
                    configMap.map(map -> map.key().name()).orElse(null),
                    EffectiveConfig.entries(configuration));
        }
    }
}
