package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess.Server;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that the entries of one place may use.
 *
 * <p>An entry belongs to who configures its place, not to the job that uses it. So its credential is looked up there, as
 * SYSTEM: an entry of a folder sees what the folder and the folders around it hold and the global credentials, a global
 * entry sees the global ones and those of scope SYSTEM, which no job can bind to a variable. Who may use the entry is
 * its own business (folders, branches, pull requests) and that of {@link LockstepPermissions}.
 *
 * @param place the folder, or Jenkins itself
 */
record EntryCredentials(ItemGroup<?> place) {

    /** A token, or a kubeconfig. */
    static final CredentialsMatcher OF_CLUSTERS = CredentialsMatchers.either(
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(FileCredentials.class));

    static final CredentialsMatcher KUBECONFIG = CredentialsMatchers.instanceOf(FileCredentials.class);

    static final CredentialsMatcher OF_REGISTRIES =
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class);

    /** Returns those of the place that a form is about: a folder, or Jenkins itself for null. */
    static EntryCredentials at(@Nullable Item item) {
        return new EntryCredentials(Entries.placeOf(item));
    }

    /** Lists the ids of credentials, none first, and the current one even where it is not there. */
    ListBoxModel choices(@Nullable String url, CredentialsMatcher kind, @Nullable String current) {
        return new StandardListBoxModel()
                .includeEmptyValue()
                .includeMatchingAs(ACL.SYSTEM2, place, StandardCredentials.class, good(url), kind)
                .includeCurrentValue(current == null ? "" : current);
    }

    /** Lists the current one alone. */
    static ListBoxModel current(@Nullable String current) {
        return new StandardListBoxModel().includeCurrentValue(current == null ? "" : current);
    }

    /** Returns what a credential has to be good for, so that those of other domains are left out. */
    static List<DomainRequirement> good(@Nullable String url) {
        return URIRequirementBuilder.fromUri(url).build();
    }

    /**
     * Returns a cluster's address and who to be there. What is used is recorded with the build, or else with the item.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is no such credential, or none that fits
     */
    Server server(ClusterEntry entry, Item item, @Nullable Run<?, ?> run) {
        String id = entry.getCredentialsId();
        return server(entry, used(find(StandardCredentials.class, id, entry.getUrl()), id, entry, item, run));
    }

    /** Returns the same without leaving a trace, for a test of the connection. */
    Server server(ClusterEntry entry) {
        return server(
                entry,
                find(StandardCredentials.class, entry.getCredentialsId(), entry.getUrl())
                        .orElseThrow(() -> missing(entry.getCredentialsId(), entry)));
    }

    private Server server(ClusterEntry entry, StandardCredentials credentials) {
        String url = entry.getUrl();
        if (credentials instanceof StringCredentials token) {
            if (url == null) {
                throw wrong(entry, "its credential is a token, but it has no URL")
                        .hint("give the URL of the API server, or a kubeconfig as secret file");
            }
            return new Server.Api(
                    url,
                    entry.getCertificateAuthority(),
                    token.getSecret().getPlainText().trim());
        }
        if (credentials instanceof FileCredentials kubeconfig) {
            if (url != null) {
                throw wrong(
                                entry,
                                "its credential is a kubeconfig, which has an address of its own, but it has a URL too")
                        .hint("take the URL away, or choose a token as secret text");
            }
            return new Server.Kubeconfig(text(entry, kubeconfig), entry.getContext());
        }
        throw wrong(entry, "its credential is neither a secret text nor a secret file");
    }

    /**
     * Returns how to log in to a registry.
     *
     * @return empty where the entry names no credential
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is no such credential
     */
    Optional<RegistryLogin> login(RegistryEntry entry, Item item, @Nullable Run<?, ?> run) {
        String id = entry.getCredentialsId();
        if (id == null) {
            return Optional.empty();
        }
        var found = find(StandardUsernamePasswordCredentials.class, id, "https://" + entry.getRegistry());
        return Optional.of(login(used(found, id, entry, item, run)));
    }

    /** Returns the same without leaving a trace, for a test of the connection. */
    Optional<RegistryLogin> login(RegistryEntry entry) {
        String id = entry.getCredentialsId();
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(login(find(StandardUsernamePasswordCredentials.class, id, "https://" + entry.getRegistry())
                .orElseThrow(() -> missing(id, entry))));
    }

    private static RegistryLogin login(StandardUsernamePasswordCredentials credentials) {
        return new RegistryLogin(
                credentials.getUsername(), credentials.getPassword().getPlainText());
    }

    /** Tells whether the entries here may use a credential of that id and kind. */
    boolean has(@Nullable String id, @Nullable String url, CredentialsMatcher kind) {
        return find(StandardCredentials.class, id, url).filter(kind::matches).isPresent();
    }

    private <C extends StandardCredentials> Optional<C> find(Class<C> type, @Nullable String id, @Nullable String url) {
        return CredentialsProvider.lookupCredentialsInItemGroup(type, place, ACL.SYSTEM2, good(url)).stream()
                .filter(credentials -> credentials.getId().equals(id))
                .findFirst();
    }

    private static <C extends StandardCredentials> C used(
            Optional<C> found, @Nullable String id, Object entry, Item item, @Nullable Run<?, ?> run) {
        C credentials = found.orElseThrow(() -> missing(id, entry));
        if (run == null) {
            CredentialsProvider.track(item, credentials);
            return credentials;
        }
        CredentialsProvider.track(run, credentials);
        return ofRun(credentials, run);
    }

    /** Some credentials are made anew for each build. */
    @SuppressWarnings("unchecked")
    private static <C extends Credentials> C ofRun(C credentials, Run<?, ?> run) {
        Credentials own = credentials.forRun(run);
        return credentials.getClass().isInstance(own) ? (C) own : credentials;
    }

    private static String text(ClusterEntry entry, FileCredentials file) {
        try (InputStream content = file.getContent()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw wrong(entry, "its secret file can't be read").causedBy(e);
        }
    }

    private static DeliveryException missing(@Nullable String id, Object entry) {
        return id == null
                ? wrong(entry, "it names no credential")
                        .hint("choose a secret text (token) or a secret file (kubeconfig)")
                : wrong(entry, "there is no credential '" + id + "' that it may use")
                        .hint(
                                "an entry uses credentials of the folder where it is configured, of the folders around it,"
                                        + " and global ones");
    }

    private static DeliveryException wrong(Object entry, String why) {
        return DeliveryException.of(Problem.BAD_USAGE, entry + " can't be used").why(why);
    }
}
