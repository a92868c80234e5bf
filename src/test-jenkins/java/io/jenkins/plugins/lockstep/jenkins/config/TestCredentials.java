package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.properties.FolderCredentialsProvider.FolderCredentialsProperty;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.ModelObject;
import hudson.util.Secret;
import java.nio.charset.StandardCharsets;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** Puts credentials where they are looked for. */
final class TestCredentials {

    private TestCredentials() {}

    static void global(Credentials credentials) throws Exception {
        add(Jenkins.get(), credentials);
    }

    static void in(AbstractFolder<?> folder, Credentials credentials) throws Exception {
        add(folder, credentials);
    }

    private static void add(ModelObject place, Credentials credentials) throws Exception {
        for (CredentialsStore store : CredentialsProvider.lookupStores(place)) {
            if (store.getContext() == place) {
                store.addCredentials(Domain.global(), credentials);
                return;
            }
        }
        throw new AssertionError(place + " keeps no credentials; is " + FolderCredentialsProperty.class + " there?");
    }

    static Credentials token(CredentialsScope scope, String id, String token) {
        return new StringCredentialsImpl(scope, id, "a token", Secret.fromString(token));
    }

    static Credentials kubeconfig(String id, String text) throws Exception {
        return new FileCredentialsImpl(
                CredentialsScope.GLOBAL,
                id,
                "a kubeconfig",
                "config",
                SecretBytes.fromBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    static Credentials login(String id, String user, String password) throws Exception {
        return new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, id, "a login", user, password);
    }
}
