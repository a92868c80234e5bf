package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import io.jenkins.plugins.lockstep.delivery.Allowance;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * A cluster, how to be somebody there, and who may use it for what.
 *
 * <p>The fields are what a configuration keeps: flat texts, a default as null. Lists are words with spaces, commas or
 * lines between them.
 */
public final class ClusterEntry extends AbstractDescribableImpl<ClusterEntry> {

    private final String name;
    private @Nullable String url;
    private @Nullable String certificateAuthority;
    private @Nullable String credentialsId;
    private @Nullable String context;
    private @Nullable ConnectFrom connectFrom;
    private @Nullable String namespace;
    private @Nullable String namespaces;
    private @Nullable String clusterScopedKinds;
    private @Nullable String folders;
    private @Nullable String branches;
    private boolean untrustedPullRequests;

    /** Names a cluster as environments of project files do. */
    @DataBoundConstructor
    public ClusterEntry(@Nullable String name) {
        this.name = name == null ? "" : name.trim();
    }

    public String getName() {
        return name;
    }

    /** Returns the API server's address; null where the credential is a kubeconfig. */
    public @Nullable String getUrl() {
        return url;
    }

    @DataBoundSetter
    public void setUrl(@Nullable String url) {
        this.url = Util.fixEmptyAndTrim(url);
    }

    /** Returns PEM text; null for the authorities that Java trusts. */
    public @Nullable String getCertificateAuthority() {
        return certificateAuthority;
    }

    @DataBoundSetter
    public void setCertificateAuthority(@Nullable String certificateAuthority) {
        this.certificateAuthority = Util.fixEmptyAndTrim(certificateAuthority);
    }

    /** Returns the id of a secret text, which is a token, or of a secret file, which is a kubeconfig. */
    public @Nullable String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@Nullable String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Returns the context of the kubeconfig; null for its current one. */
    public @Nullable String getContext() {
        return context;
    }

    @DataBoundSetter
    public void setContext(@Nullable String context) {
        this.context = Util.fixEmptyAndTrim(context);
    }

    public ConnectFrom getConnectFrom() {
        return connectFrom == null ? ConnectFrom.CONTROLLER : connectFrom;
    }

    @DataBoundSetter
    public void setConnectFrom(@Nullable ConnectFrom connectFrom) {
        this.connectFrom = connectFrom == ConnectFrom.CONTROLLER ? null : connectFrom;
    }

    /** Returns where environments live that name no namespace; null for the kubeconfig's, else {@code default}. */
    public @Nullable String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@Nullable String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
    }

    /** Returns patterns of the namespaces that may be written to; null for all. */
    public @Nullable String getNamespaces() {
        return namespaces;
    }

    @DataBoundSetter
    public void setNamespaces(@Nullable String namespaces) {
        this.namespaces = Util.fixEmptyAndTrim(namespaces);
    }

    /** Returns patterns of the cluster-scoped kinds that may be written; null for none. */
    public @Nullable String getClusterScopedKinds() {
        return clusterScopedKinds;
    }

    @DataBoundSetter
    public void setClusterScopedKinds(@Nullable String clusterScopedKinds) {
        this.clusterScopedKinds = Util.fixEmptyAndTrim(clusterScopedKinds);
    }

    /** Returns patterns of the full names of the folders and jobs that may use the cluster; null for all. */
    public @Nullable String getFolders() {
        return folders;
    }

    @DataBoundSetter
    public void setFolders(@Nullable String folders) {
        this.folders = Util.fixEmptyAndTrim(folders);
    }

    /** Returns patterns of the branches that may use the cluster; null for all. */
    public @Nullable String getBranches() {
        return branches;
    }

    @DataBoundSetter
    public void setBranches(@Nullable String branches) {
        this.branches = Util.fixEmptyAndTrim(branches);
    }

    /** Tells whether pull requests may use the cluster that nobody with a say in the repository vouches for. */
    public boolean isUntrustedPullRequests() {
        return untrustedPullRequests;
    }

    @DataBoundSetter
    public void setUntrustedPullRequests(boolean untrustedPullRequests) {
        this.untrustedPullRequests = untrustedPullRequests;
    }

    /** Returns what may be written there. */
    Allowance allowance() {
        return new Allowance(Words.of(namespaces), Words.of(clusterScopedKinds));
    }

    @Override
    public String toString() {
        return "cluster '" + name + "'";
    }

    /** Checks the form. */
    @Extension
    @Symbol("lockstepCluster")
    public static final class DescriptorImpl extends Descriptor<ClusterEntry> {

        @Override
        public String getDisplayName() {
            return "Cluster";
        }
    }
}
