package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A project whose repository is at hand. */
record CheckedOutProject(OpenProject open, ProjectLocation location) implements KnownProject {

    @Override
    public String app() {
        return open.project().app();
    }

    @Override
    public Map<String, Environment> environments() {
        return open.project().environments();
    }

    @Override
    public Environment environment(String name) {
        return open.project().environment(name);
    }

    @Override
    public Keep keep() {
        return open.project().keep();
    }

    @Override
    public Set<ImageReference> repositories() {
        return open.project().images().values().stream()
                .map(ImageDefinition::repository)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Lineage lineage() {
        return open.repository();
    }

    @Override
    public String resolve(String expression) {
        return open.repository().resolve(expression).id();
    }

    @Override
    public Optional<Instant> committedAt(String revision) {
        try {
            return Optional.of(open.repository().resolve(revision).committedAt());
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT) {
                throw e;
            }
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
