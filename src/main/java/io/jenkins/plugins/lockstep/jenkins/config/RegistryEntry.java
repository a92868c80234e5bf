package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.List;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

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
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends Descriptor<RegistryEntry> {

        @Override
        public String getDisplayName() {
            return "Registry";
        }

        @POST
        public FormValidation doCheckRegistry(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            List<String> saved = Entries.savedAt(item).registries().stream()
                    .map(RegistryEntry::getRegistry)
                    .map(RegistryNames::asked)
                    .toList();
            return EntryChecks.registry(Util.fixEmptyAndTrim(value), saved);
        }

        /** Lists what entries here may use; the current one alone for who may only look. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String credentialsId,
                @QueryParameter @Nullable String registry) {
            return Entries.mayConfigure(item)
                    ? EntryCredentials.at(item).choices(url(registry), EntryCredentials.OF_REGISTRIES, credentialsId)
                    : EntryCredentials.current(credentialsId);
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String value,
                @QueryParameter @Nullable String registry) {
            String id = Util.fixEmptyAndTrim(value);
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            if (id == null) {
                return FormValidation.warning(
                        "without credentials nobody logs in, and nothing can be pushed where that is needed");
            }
            return EntryCredentials.at(item).has(id, url(registry), EntryCredentials.OF_REGISTRIES)
                    ? FormValidation.ok()
                    : FormValidation.error("there is no username with password '" + id + "' that may be used here");
        }

        /** Tries what the form says, from the controller; 10 seconds at most. */
        @POST
        public FormValidation doTestConnection(
                @AncestorInPath @Nullable Item item,
                @QueryParameter @Nullable String registry,
                @QueryParameter @Nullable String credentialsId) {
            if (!Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            var entry = new RegistryEntry(registry);
            entry.setCredentialsId(credentialsId);
            FormValidation name = EntryChecks.registry(Util.fixEmptyAndTrim(registry), List.of());
            if (name.kind != FormValidation.Kind.OK) {
                return name;
            }
            try {
                var login = EntryCredentials.at(item).login(entry).orElse(null);
                return EntryChecks.found(
                        ConnectionTests.delivery().testRegistry(RegistryNames.asked(entry.getRegistry()), login),
                        ConnectFrom.CONTROLLER);
            } catch (DeliveryException e) {
                return FormValidation.error(e.hint() == null ? e.getMessage() : e.getMessage() + "; " + e.hint());
            }
        }

        private static @Nullable String url(@Nullable String registry) {
            String name = Util.fixEmptyAndTrim(registry);
            return name == null ? null : "https://" + name;
        }
    }
}
