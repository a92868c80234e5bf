package io.jenkins.plugins.lockstep.jenkins.builder;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractProject;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.AgentOperation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.ProjectArguments;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import io.jenkins.plugins.lockstep.jenkins.run.RunContext;
import io.jenkins.plugins.lockstep.jenkins.run.TargetArguments;
import io.jenkins.plugins.lockstep.jenkins.step.DeployStep;
import io.jenkins.plugins.lockstep.jenkins.step.RollbackStep;
import java.io.IOException;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.tasks.SimpleBuildStep;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Builds, deploys or rolls back in a freestyle job. Every text may use the job's variables, for example
 * {@code $GIT_COMMIT}.
 *
 * <p>The fields are what a job's configuration keeps: flat, a default as null.
 */
public final class LockstepReleaseBuilder extends Builder implements SimpleBuildStep {

    static final String BUILD = "build";
    static final String DEPLOY = "deploy";
    static final String ROLLBACK = "rollback";

    private final String operation;
    private @Nullable String environment;
    private @Nullable String revision;
    private @Nullable String to;
    private @Nullable String directory;
    private @Nullable String file;
    private @Nullable String repository;
    private @Nullable String target;
    private @Nullable String kubeconfig;
    private @Nullable String context;
    private @Nullable String namespace;
    private @Nullable String timeout;
    private @Nullable String lockTimeout;
    private @Nullable String onFailure;
    private boolean takeOwnership;
    private boolean pruneData;
    private boolean allowOlder;
    private boolean allowDiverged;
    private boolean skipGate;
    private @Nullable String fixes;

    /** Asks for {@code build}, {@code deploy} or {@code rollback}. */
    @DataBoundConstructor
    public LockstepReleaseBuilder(@Nullable String operation) {
        this.operation = operation == null ? "" : operation.trim();
    }

    @Override
    public void perform(Run<?, ?> run, FilePath workspace, EnvVars env, Launcher launcher, TaskListener listener)
            throws InterruptedException, IOException {
        new AgentOperation(operation(env), RunContext.of(run, env), listener).runIn(workspace);
    }

    /**
     * Returns what the job asks for, the variables filled in.
     *
     * @throws AbortException where the operation is unknown or lacks its environment
     */
    Operation operation(EnvVars env) throws AbortException {
        return switch (operation) {
            case BUILD -> new Operation.Build(project(env, revision), targetArguments(env));
            case DEPLOY ->
                new Operation.Deploy(project(env, revision), environment(env), targetArguments(env), rollout(env));
            case ROLLBACK ->
                new Operation.Rollback(
                        project(env, null), environment(env), expand(env, to), targetArguments(env), rollout(env));
            default ->
                throw new AbortException("'" + operation + "' is no operation of Lockstep\n  hint: choose "
                        + String.join(", ", List.of(BUILD, DEPLOY, ROLLBACK)));
        };
    }

    private ProjectArguments project(EnvVars env, @Nullable String atRevision) {
        return new ProjectArguments(
                expand(env, directory), expand(env, file), expand(env, atRevision), expand(env, repository));
    }

    private TargetArguments targetArguments(EnvVars env) {
        return new TargetArguments(
                expand(env, target), expand(env, kubeconfig), expand(env, context), expand(env, namespace));
    }

    private RolloutArguments rollout(EnvVars env) {
        return new RolloutArguments(
                expand(env, timeout),
                expand(env, lockTimeout),
                onFailure,
                takeOwnership,
                pruneData,
                allowOlder,
                allowDiverged,
                skipGate,
                expand(env, fixes));
    }

    private String environment(EnvVars env) throws AbortException {
        String name = expand(env, environment);
        if (name == null) {
            throw new AbortException(
                    "a " + operation
                            + " needs an environment\n  hint: name an environment of the project file in the job's configuration");
        }
        return name;
    }

    // A variable that is set to nothing means the default, as an empty field does.
    private static @Nullable String expand(EnvVars env, @Nullable String text) {
        return text == null ? null : Util.fixEmptyAndTrim(env.expand(text));
    }

    public String getOperation() {
        return operation;
    }

    public @Nullable String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@Nullable String environment) {
        this.environment = Util.fixEmptyAndTrim(environment);
    }

    public @Nullable String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@Nullable String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    public @Nullable String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@Nullable String to) {
        this.to = Fields.unlessDefault(to, Operation.Rollback.PREVIOUS);
    }

    public @Nullable String getDirectory() {
        return directory;
    }

    @DataBoundSetter
    public void setDirectory(@Nullable String directory) {
        this.directory = Fields.unlessDefault(directory, ".");
    }

    public @Nullable String getFile() {
        return file;
    }

    @DataBoundSetter
    public void setFile(@Nullable String file) {
        this.file = Fields.unlessDefault(file, ProjectLocation.DEFAULT_FILE);
    }

    public @Nullable String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@Nullable String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    public @Nullable String getTarget() {
        return target;
    }

    @DataBoundSetter
    public void setTarget(@Nullable String target) {
        this.target = Util.fixEmptyAndTrim(target);
    }

    public @Nullable String getKubeconfig() {
        return kubeconfig;
    }

    @DataBoundSetter
    public void setKubeconfig(@Nullable String kubeconfig) {
        this.kubeconfig = Util.fixEmptyAndTrim(kubeconfig);
    }

    public @Nullable String getContext() {
        return context;
    }

    @DataBoundSetter
    public void setContext(@Nullable String context) {
        this.context = Util.fixEmptyAndTrim(context);
    }

    public @Nullable String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@Nullable String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
    }

    public @Nullable String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@Nullable String timeout) {
        this.timeout = Util.fixEmptyAndTrim(timeout);
    }

    public @Nullable String getLockTimeout() {
        return lockTimeout;
    }

    @DataBoundSetter
    public void setLockTimeout(@Nullable String lockTimeout) {
        this.lockTimeout = Util.fixEmptyAndTrim(lockTimeout);
    }

    public @Nullable String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@Nullable String onFailure) {
        this.onFailure = Fields.unlessDefault(onFailure, RolloutArguments.ROLLBACK);
    }

    public boolean isTakeOwnership() {
        return takeOwnership;
    }

    @DataBoundSetter
    public void setTakeOwnership(boolean takeOwnership) {
        this.takeOwnership = takeOwnership;
    }

    public boolean isPruneData() {
        return pruneData;
    }

    @DataBoundSetter
    public void setPruneData(boolean pruneData) {
        this.pruneData = pruneData;
    }

    public boolean isAllowOlder() {
        return allowOlder;
    }

    @DataBoundSetter
    public void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    public boolean isAllowDiverged() {
        return allowDiverged;
    }

    @DataBoundSetter
    public void setAllowDiverged(boolean allowDiverged) {
        this.allowDiverged = allowDiverged;
    }

    public boolean isSkipGate() {
        return skipGate;
    }

    @DataBoundSetter
    public void setSkipGate(boolean skipGate) {
        this.skipGate = skipGate;
    }

    public @Nullable String getFixes() {
        return fixes;
    }

    @DataBoundSetter
    public void setFixes(@Nullable String fixes) {
        this.fixes = Util.fixEmptyAndTrim(fixes);
    }

    /** Offers the builder to every kind of job; the help pages are those of the steps. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    @Symbol("lockstep")
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {

        public DescriptorImpl() {
            for (String field : List.of(
                    "environment",
                    "revision",
                    "directory",
                    "file",
                    "repository",
                    "target",
                    "kubeconfig",
                    "context",
                    "namespace",
                    "timeout",
                    "lockTimeout",
                    "onFailure",
                    "takeOwnership",
                    "pruneData",
                    "allowOlder",
                    "allowDiverged",
                    "skipGate",
                    "fixes")) {
                addHelpFileRedirect(field, DeployStep.class, field);
            }
            addHelpFileRedirect("to", RollbackStep.class, "to");
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: build, deploy or roll back a revision";
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        @POST
        public ListBoxModel doFillOperationItems(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String operation) {
            var choices = new ListBoxModel();
            if (Fields.mayConfigure(item)) {
                choices.add("Build the image of a revision", BUILD);
                choices.add("Deploy a revision to an environment", DEPLOY);
                choices.add("Roll an environment back", ROLLBACK);
            } else if (operation != null) {
                choices.add(operation, operation);
            }
            return choices;
        }

        @POST
        public FormValidation doCheckEnvironment(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String operation) {
            return BUILD.equals(operation)
                    ? FormValidation.ok()
                    : Fields.required(item, value, "name an environment of the project file");
        }

        @POST
        public FormValidation doCheckTarget(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.target(item, value);
        }

        @POST
        public FormValidation doCheckTimeout(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.span(item, value);
        }

        @POST
        public FormValidation doCheckLockTimeout(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.span(item, value);
        }

        @POST
        public ListBoxModel doFillOnFailureItems(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String onFailure) {
            return Fields.onFailure(item, onFailure);
        }
    }
}
