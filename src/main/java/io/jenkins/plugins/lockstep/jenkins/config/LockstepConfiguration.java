package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.model.GlobalConfiguration;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/** The clusters and registries of the whole controller. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
@Symbol("lockstep")
public final class LockstepConfiguration extends GlobalConfiguration {

    private @Nullable List<ClusterEntry> clusters;
    private @Nullable List<RegistryEntry> registries;

    /** Reads what was saved. */
    public LockstepConfiguration() {
        // Who chooses an authorization strategy has to know the permissions by then.
        LockstepPermissions.define();
        load();
    }

    /** Returns the one of this controller. */
    public static LockstepConfiguration get() {
        return ExtensionList.lookupSingleton(LockstepConfiguration.class);
    }

    @Override
    public String getDisplayName() {
        return "Lockstep";
    }

    /** Takes over what the form has. One from which the last entry was taken does not name the list at all. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        try {
            super.configure(req, json);
        } catch (RuntimeException e) {
            throw TwiceException.answer(e, "clusters");
        }
        if (!json.has("clusters")) {
            setClusters(null);
        }
        if (!json.has("registries")) {
            setRegistries(null);
        }
        return true;
    }

    public List<ClusterEntry> getClusters() {
        return clusters == null ? List.of() : clusters;
    }

    @DataBoundSetter
    public void setClusters(@Nullable List<ClusterEntry> clusters) {
        Entries.requireNoTwins(clusters, null);
        this.clusters = Entries.kept(clusters);
        save();
    }

    public List<RegistryEntry> getRegistries() {
        return registries == null ? List.of() : registries;
    }

    @DataBoundSetter
    public void setRegistries(@Nullable List<RegistryEntry> registries) {
        Entries.requireNoTwins(null, registries);
        this.registries = Entries.kept(registries);
        save();
    }
}
