package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.util.FormValidation;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** The clusters and registries of a folder and of what is in it, and the job that rolls back for its jobs. */
public final class LockstepFolderProperty extends AbstractFolderProperty<AbstractFolder<?>> {

    private @Nullable List<ClusterEntry> clusters;
    private @Nullable List<RegistryEntry> registries;
    private @Nullable String rollbackJob;

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

    /**
     * Returns the job that the <em>Roll back</em> button schedules instead of rolling back itself, as its path from the
     * folder; null for none.
     */
    public @Nullable String getRollbackJob() {
        return rollbackJob;
    }

    @DataBoundSetter
    public void setRollbackJob(@Nullable String rollbackJob) {
        this.rollbackJob = Util.fixEmptyAndTrim(rollbackJob);
    }

    /** Keeps no property where a form has nothing. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    @Symbol("lockstepFolder")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {

        @Override
        public String getDisplayName() {
            return "Lockstep";
        }

        /** Refuses the name of a job that is not there, as seen from the folder. */
        @POST
        public FormValidation doCheckRollbackJob(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            String name = Util.fixEmptyAndTrim(value);
            if (name == null || !Entries.mayConfigure(item)) {
                return FormValidation.ok();
            }
            ItemGroup<?> place = Entries.placeOf(item);
            return Jenkins.get().getItem(name, place, Job.class) == null
                    ? FormValidation.error("there is no job '" + name + "' as seen from here, or you may not see it")
                    : FormValidation.ok();
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
            return property.clusters == null && property.registries == null && property.rollbackJob == null
                    ? null
                    : property;
        }
    }
}
