package hudson.model;

import java.io.IOException;

public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable {

    private final JobT project;

    protected Run(JobT job) throws IOException {
        project = job;
    }

    public <T extends Cause> T getCause(Class<T> type) {
        throw new UnsupportedOperationException();
    }

    public JobT getParent() {
        return project;
    }

    public String getExternalizableId() {
        throw new UnsupportedOperationException();
    }
}
