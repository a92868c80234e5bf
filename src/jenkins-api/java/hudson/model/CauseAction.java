package hudson.model;

import jenkins.model.RunAction2;

public class CauseAction implements RunAction2 {

    public CauseAction(Cause c) {}

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
    public void onAttached(Run<?, ?> owner) {}

    @Override
    public void onLoad(Run<?, ?> owner) {}
}
