package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;

/** Runs the background rollbacks, at most {@value #MOST} at a time; more wait their turn. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class RollbackThreads {

    private static final int MOST = 10;

    private final ExecutorService pool = Background.pool("Lockstep: rollback", MOST);
    private final Map<String, BackgroundRollback> live = new ConcurrentHashMap<>();

    static RollbackThreads get() {
        return ExtensionList.lookupSingleton(RollbackThreads.class);
    }

    /** Runs a rollback as soon as there is a thread; once, however often it is asked for. */
    void submit(BackgroundRollback rollback, boolean resumed) {
        String key = key(rollback);
        if (live.putIfAbsent(key, rollback) == null) {
            pool.execute(() -> {
                try {
                    rollback.run(resumed);
                } finally {
                    live.remove(key);
                    BoardRefresh.get().now(rollback.getJob());
                }
            });
        }
    }

    /** Returns the rollback that runs or waits under a name, null for none. */
    @Nullable
    BackgroundRollback find(String key) {
        return live.get(key);
    }

    private static String key(BackgroundRollback rollback) {
        return rollback.getJob().getFullName() + "#" + rollback.getNumber();
    }
}
