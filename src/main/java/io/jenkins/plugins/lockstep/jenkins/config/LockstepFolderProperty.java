package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import hudson.Extension;
import java.util.List;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** The clusters and registries of a folder and of what is in it. */
public final class LockstepFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {

    private @Nullable List<ClusterEntry> clusters;
    private @Nullable List<RegistryEntry> registries;

    /** Has none yet. */
    @DataBoundConstructor
    public LockstepFolderProperty() {}

    public List<ClusterEntry> getClusters() {
        return clusters == null ? List.of() : clusters;
    }

    @DataBoundSetter
    public void setClusters(@Nullable List<ClusterEntry> clusters) {
        this.clusters = Entries.kept(clusters);
    }

    public List<RegistryEntry> getRegistries() {
        return registries == null ? List.of() : registries;
    }

    @DataBoundSetter
    public void setRegistries(@Nullable List<RegistryEntry> registries) {
        this.registries = Entries.kept(registries);
    }

    /** Keeps no property where a form has nothing. */
    @Extension
    @Symbol("lockstepFolder")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {

        @Override
        public String getDisplayName() {
            return "Lockstep";
        }

        @Override
        public @Nullable AbstractFolderProperty<?> newInstance(StaplerRequest2 req, JSONObject formData)
                throws FormException {
            var property = (LockstepFolderProperty) super.newInstance(req, formData);
            try {
                // Not in the setters: what one throws Stapler logs, and goes on without the list.
                Entries.requireNoTwins(property.clusters, property.registries);
            } catch (TwiceException e) {
                throw new FormException(e.getMessage(), "clusters");
            }
            return property.clusters == null && property.registries == null ? null : property;
        }
    }
}
