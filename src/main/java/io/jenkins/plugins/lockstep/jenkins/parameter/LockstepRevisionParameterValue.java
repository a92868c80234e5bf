package io.jenkins.plugins.lockstep.jenkins.parameter;

import hudson.model.StringParameterValue;
import org.kohsuke.stapler.DataBoundConstructor;

/** A chosen revision, by its full id; a build has it as a text. */
public final class LockstepRevisionParameterValue extends StringParameterValue {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public LockstepRevisionParameterValue(String name, String value) {
        super(name, value);
    }
}
