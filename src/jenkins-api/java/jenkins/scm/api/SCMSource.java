package jenkins.scm.api;

import hudson.ExtensionPoint;
import hudson.model.Item;
import hudson.model.TaskListener;
import java.io.IOException;

public abstract class SCMSource implements ExtensionPoint {

    protected SCMSource() {}

    public SCMRevision getTrustedRevision(SCMRevision revision, TaskListener listener)
            throws IOException, InterruptedException {
        return revision;
    }

    public abstract static class SourceByItem implements ExtensionPoint {

        public SourceByItem() {}

        public static SCMSource findSource(Item item) {
            throw new UnsupportedOperationException();
        }
    }
}
