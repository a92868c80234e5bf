package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.Allowance;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import java.time.Instant;
import java.util.List;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

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
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends Descriptor<ClusterEntry> {

        @Override
        public String getDisplayName() {
            return "Cluster";
        }

        @POST
        public FormValidation doCheckName(@AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            List<String> saved = Entries.savedAt(item).clusters().stream()
                    .map(ClusterEntry::getName)
                    .toList();
            return EntryChecks.clusterName(Util.fixEmptyAndTrim(value), saved);
        }

        @POST
        public FormValidation doCheckUrl(@AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Entries.mayConfigure(item) ? EntryChecks.url(Util.fixEmptyAndTrim(value)) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckCertificateAuthority(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String url) {
            return Entries.mayConfigure(item)
                    ? EntryChecks.certificateAuthority(
                            Util.fixEmptyAndTrim(value), Util.fixEmptyAndTrim(url), Instant.now())
                    : FormValidation.ok();
        }

        /** Lists what entries here may use; the current one alone for who may only look. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String credentialsId,
                @QueryParameter @Nullable String url) {
            return Entries.mayConfigure(item)
                    ? EntryCredentials.at(item)
                            .choices(Util.fixEmptyAndTrim(url), EntryCredentials.OF_CLUSTERS, credentialsId)
                    : EntryCredentials.current(credentialsId);
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String url) {
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            String id = Util.fixEmptyAndTrim(value);
            String address = Util.fixEmptyAndTrim(url);
            if (id == null) {
                return FormValidation.error("choose a token (secret text) for the URL, or a kubeconfig (secret file)");
            }
            EntryCredentials credentials = EntryCredentials.at(item);
            if (!credentials.has(id, address, EntryCredentials.OF_CLUSTERS)) {
                return FormValidation.error(
                        "there is no secret text and no secret file '" + id + "' that may be used here");
            }
            boolean isKubeconfig = credentials.has(id, address, EntryCredentials.KUBECONFIG);
            if (isKubeconfig && address != null) {
                return FormValidation.error("a kubeconfig has an address of its own: take the URL away");
            }
            return !isKubeconfig && address == null
                    ? FormValidation.error("a token needs the URL of the API server")
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckContext(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String url) {
            return Entries.mayConfigure(item)
                    ? EntryChecks.context(Util.fixEmptyAndTrim(value), Util.fixEmptyAndTrim(url))
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckNamespace(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String namespaces) {
            return Entries.mayConfigure(item)
                    ? EntryChecks.namespace(Util.fixEmptyAndTrim(value), namespaces)
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckNamespaces(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Entries.mayConfigure(item) ? EntryChecks.namespaces(value) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckClusterScopedKinds(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Entries.mayConfigure(item) ? EntryChecks.clusterScopedKinds(value) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckFolders(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Entries.mayConfigure(item) ? EntryChecks.paths(value) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckBranches(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Entries.mayConfigure(item) ? EntryChecks.paths(value) : FormValidation.ok();
        }

        /** Tries what the form says, from the controller; 10 seconds at most. */
        @POST
        public FormValidation doTestConnection(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String name,
                @QueryParameter @Nullable String url,
                @QueryParameter @Nullable String certificateAuthority,
                @QueryParameter @Nullable String credentialsId,
                @QueryParameter @Nullable String context,
                @QueryParameter @Nullable String connectFrom,
                @QueryParameter @Nullable String namespace) {
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            var entry = new ClusterEntry(name);
            entry.setUrl(url);
            entry.setCertificateAuthority(certificateAuthority);
            entry.setCredentialsId(credentialsId);
            entry.setContext(context);
            entry.setNamespace(namespace);
            var from = ConnectFrom.AGENT.name().equals(connectFrom) ? ConnectFrom.AGENT : ConnectFrom.CONTROLLER;
            try {
                var access = new ClusterAccess(
                        entry.getName(), EntryCredentials.at(item).server(entry), entry.getNamespace(), Allowance.ANY);
                return EntryChecks.found(ConnectionTests.delivery().testCluster(access), from);
            } catch (DeliveryException e) {
                return FormValidation.error(e.hint() == null ? e.getMessage() : e.getMessage() + "; " + e.hint());
            }
        }
    }
}
