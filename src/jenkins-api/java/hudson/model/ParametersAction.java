package hudson.model;

import java.util.List;
import jenkins.model.RunAction2;

public class ParametersAction implements RunAction2 {

    public ParametersAction(List<ParameterValue> parameters) {}

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return null;
    }

    @Override
    public void onAttached(Run<?, ?> r) {}

    @Override
    public void onLoad(Run<?, ?> r) {}
}
