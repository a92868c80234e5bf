package hudson.model;

import hudson.ExtensionPoint;
import java.io.Serializable;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.StaplerRequest2;

public abstract class ParameterDefinition implements Describable<ParameterDefinition>, ExtensionPoint, Serializable {

    private static final long serialVersionUID = 1L;

    private final String name;
    private String description;

    protected ParameterDefinition(String name) {
        this.name = name;
    }

    public String getName() {
        return name;
    }

    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(String description) {
        this.description = description;
    }

    @Override
    public ParameterDescriptor getDescriptor() {
        throw new UnsupportedOperationException();
    }

    public ParameterValue createValue(StaplerRequest2 req, JSONObject jo) {
        throw new UnsupportedOperationException();
    }

    public ParameterValue getDefaultParameterValue() {
        return null;
    }

    public boolean isValid(ParameterValue value) {
        return true;
    }

    public abstract static class ParameterDescriptor extends Descriptor<ParameterDefinition> {

        protected ParameterDescriptor() {}
    }
}
