package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** A registry, and how to log in there. */
public final class RegistryEntry extends AbstractDescribableImpl<RegistryEntry> {

    private final String registry;
    private @Nullable String credentialsId;

    /** Names a registry as images do: {@code HOST[:PORT]}. */
    @DataBoundConstructor
    public RegistryEntry(@Nullable String registry) {
        this.registry = registry == null ? "" : registry.trim();
    }

    public String getRegistry() {
        return registry;
    }

    /** Returns the id of a username with a password. */
    public @Nullable String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@Nullable String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @Override
    public String toString() {
        return "registry '" + registry + "'";
    }

    /** Checks the form. */
    @Extension
    @Symbol("lockstepRegistry")
    public static final class DescriptorImpl extends Descriptor<RegistryEntry> {

        @Override
        public String getDisplayName() {
            return "Registry";
        }
    }
}
