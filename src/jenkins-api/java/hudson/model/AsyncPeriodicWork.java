package hudson.model;

import java.io.IOException;
import java.util.logging.Level;

public abstract class AsyncPeriodicWork extends PeriodicWork {

    public final String name;

    protected AsyncPeriodicWork(String name) {
        this.name = name;
    }

    protected Level getNormalLoggingLevel() {
        return Level.INFO;
    }

    protected abstract void execute(TaskListener listener) throws IOException, InterruptedException;
}
