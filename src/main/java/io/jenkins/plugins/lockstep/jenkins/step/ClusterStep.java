package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Util;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What steps take that look at a cluster: which one, and whose bundle says what the project is. */
public abstract class ClusterStep extends OperationStep {

    private @Nullable String cluster;
    private @Nullable String namespace;
    private @Nullable String kubeconfig;
    private @Nullable String context;
    private @Nullable String app;
    private @Nullable String job;

    /** Begins an operation with what all these steps take. */
    final Operation atCluster(Kind kind) {
        return begin(kind)
                .with("cluster", cluster)
                .with("namespace", namespace)
                .with("kubeconfig", kubeconfig)
                .with("context", context)
                .with("app", app)
                .with("job", job);
    }

    public final @Nullable String getCluster() {
        return cluster;
    }

    @DataBoundSetter
    public final void setCluster(@Nullable String cluster) {
        this.cluster = Util.fixEmptyAndTrim(cluster);
    }

    public final @Nullable String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public final void setNamespace(@Nullable String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
    }

    public final @Nullable String getKubeconfig() {
        return kubeconfig;
    }

    @DataBoundSetter
    public final void setKubeconfig(@Nullable String kubeconfig) {
        this.kubeconfig = Util.fixEmptyAndTrim(kubeconfig);
    }

    public final @Nullable String getContext() {
        return context;
    }

    @DataBoundSetter
    public final void setContext(@Nullable String context) {
        this.context = Util.fixEmptyAndTrim(context);
    }

    public final @Nullable String getApp() {
        return app;
    }

    @DataBoundSetter
    public final void setApp(@Nullable String app) {
        this.app = Util.fixEmptyAndTrim(app);
    }

    public final @Nullable String getJob() {
        return job;
    }

    @DataBoundSetter
    public final void setJob(@Nullable String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    /** What the forms of these steps check and offer. */
    public abstract static class ClusterDescriptor extends OperationDescriptor {

        ClusterDescriptor(boolean workspace) {
            super(workspace);
        }

        @POST
        public final ListBoxModel doFillClusterItems(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String cluster) {
            return Fields.clusters(item, cluster);
        }
    }
}
