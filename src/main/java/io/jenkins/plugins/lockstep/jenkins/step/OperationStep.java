package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * What all steps take: where the project is. A default is kept as null, so that the Snippet Generator leaves it out.
 *
 * <p>A freestyle builder keeps a step in the job's configuration, so the fields are flat.
 */
public abstract class OperationStep extends Step {

    private @Nullable String directory;
    private @Nullable String file;
    private @Nullable String repository;
    private @Nullable String target;

    /** Returns what the step asks for. */
    public abstract Operation operation();

    /** Begins an operation with what all steps take. */
    final Operation begin(Kind kind) {
        return Operation.of(kind)
                .with("directory", directory)
                .with("file", file)
                .with("repository", repository)
                .with("target", target);
    }

    @Override
    public final StepExecution start(StepContext context) {
        return new OperationExecution(context, operation());
    }

    public final @Nullable String getDirectory() {
        return directory;
    }

    @DataBoundSetter
    public final void setDirectory(@Nullable String directory) {
        this.directory = Fields.unlessDefault(directory, ".");
    }

    public final @Nullable String getFile() {
        return file;
    }

    @DataBoundSetter
    public final void setFile(@Nullable String file) {
        this.file = Fields.unlessDefault(file, ProjectLocation.DEFAULT_FILE);
    }

    public final @Nullable String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public final void setRepository(@Nullable String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    public final @Nullable String getTarget() {
        return target;
    }

    @DataBoundSetter
    public final void setTarget(@Nullable String target) {
        this.target = Util.fixEmptyAndTrim(target);
    }

    /** What all steps need from their surroundings, and what their forms check. */
    public abstract static class OperationDescriptor extends StepDescriptor {

        private final boolean workspace;

        /** @param workspace whether the step can't do without */
        OperationDescriptor(boolean workspace) {
            this.workspace = workspace;
        }

        /** Tells whether the step can't do without a workspace. */
        public final boolean needsWorkspace() {
            return workspace;
        }

        @Override
        public final Set<? extends Class<?>> getRequiredContext() {
            var context = new LinkedHashSet<Class<?>>(List.of(Run.class, EnvVars.class, TaskListener.class));
            if (workspace) {
                context.add(FilePath.class);
            }
            return context;
        }

        @POST
        public final FormValidation doCheckTarget(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.target(item, value);
        }
    }
}
