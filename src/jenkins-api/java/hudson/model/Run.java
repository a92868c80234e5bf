package hudson.model;

import java.io.File;
import java.io.IOException;

public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable
        implements PersistenceRoot {

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

    @Override
    public String getDisplayName() {
        return "#" + getNumber();
    }

    public int getNumber() {
        throw new UnsupportedOperationException();
    }

    public RunT getPreviousBuild() {
        throw new UnsupportedOperationException();
    }

    public File getRootDir() {
        throw new UnsupportedOperationException();
    }

    public String getExternalizableId() {
        throw new UnsupportedOperationException();
    }

    public synchronized void save() throws IOException {}
}
