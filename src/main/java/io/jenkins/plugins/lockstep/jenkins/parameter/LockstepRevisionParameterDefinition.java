package io.jenkins.plugins.lockstep.jenkins.parameter;

import hudson.Extension;
import hudson.Util;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.SimpleParameterDefinition;
import hudson.security.ACL;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.jenkins.run.OfferedRevision;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * Offers the revisions that this job, or another one, has built and keeps a bundle of, the newest first: what can be
 * deployed without a workspace. Whatever starts the build, another revision is refused.
 *
 * <pre>{@code
 * parameters { lockstepRevision name: 'REVISION', job: 'cart/main' }
 * }</pre>
 */
public final class LockstepRevisionParameterDefinition extends SimpleParameterDefinition {

    private static final long serialVersionUID = 1L;

    private @Nullable String job;
    private @Nullable String app;

    @DataBoundConstructor
    public LockstepRevisionParameterDefinition(String name) {
        super(name);
    }

    public @Nullable String getJob() {
        return job;
    }

    @DataBoundSetter
    public void setJob(@Nullable String job) {
        this.job = Util.fixEmptyAndTrim(job);
    }

    public @Nullable String getApp() {
        return app;
    }

    @DataBoundSetter
    public void setApp(@Nullable String app) {
        this.app = Util.fixEmptyAndTrim(app);
    }

    /** Returns what the form offers; nothing where the job that is named can't be used. */
    public List<OfferedRevision> getOffers() {
        try {
            return offers();
        } catch (DeliveryException e) {
            return List.of();
        }
    }

    @Override
    public @Nullable ParameterValue getDefaultParameterValue() {
        return getOffers().stream()
                .findFirst()
                .map(newest -> value(newest.getRevision()))
                .orElse(null);
    }

    @Override
    public ParameterValue createValue(StaplerRequest2 req, JSONObject jo) {
        return createValue(jo.getString("value"));
    }

    /**
     * Takes what a form, REST, the command line or another build gives.
     *
     * @param given a full id, or the first letters of one
     * @throws IllegalArgumentException where it is none of those that are offered, or of more than one
     */
    @Override
    public ParameterValue createValue(String given) {
        String wanted = given.strip();
        List<OfferedRevision> found;
        try {
            found = offers().stream()
                    .filter(offer -> !wanted.isEmpty() && offer.getRevision().startsWith(wanted))
                    .toList();
        } catch (DeliveryException e) {
            throw new IllegalArgumentException(getName() + ": " + e.getMessage(), e);
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException(getName() + ": '" + wanted
                    + (found.isEmpty()
                            ? "' is no revision that can be deployed"
                            : "' is the beginning of several revisions"));
        }
        return value(found.get(0).getRevision());
    }

    @Override
    public boolean isValid(ParameterValue value) {
        return value instanceof LockstepRevisionParameterValue chosen
                && getOffers().stream().anyMatch(offer -> offer.getRevision().equals(chosen.value));
    }

    private ParameterValue value(String revision) {
        var value = new LockstepRevisionParameterValue(getName(), revision);
        value.setDescription(getDescription());
        return value;
    }

    private List<OfferedRevision> offers() {
        Job<?, ?> owner = owner();
        return owner == null ? List.of() : OfferedRevision.of(owner, job, app);
    }

    /** Finds the job that has this parameter: nobody tells a definition. */
    @SuppressWarnings("try")
    private @Nullable Job<?, ?> owner() {
        try (var as = ACL.as2(ACL.SYSTEM2)) {
            for (Job<?, ?> candidate : Jenkins.get().getAllItems(Job.class)) {
                var parameters = candidate.getProperty(ParametersDefinitionProperty.class);
                if (parameters != null
                        && parameters.getParameterDefinitions().stream().anyMatch(one -> one == this)) {
                    return candidate;
                }
            }
            return null;
        }
    }

    /** Names the parameter type. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    @Symbol("lockstepRevision")
    public static final class DescriptorImpl extends ParameterDefinition.ParameterDescriptor {

        @Override
        public String getDisplayName() {
            return "Lockstep revision";
        }
    }
}
