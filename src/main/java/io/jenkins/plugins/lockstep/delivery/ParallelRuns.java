package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs one operation on several projects, some at a time, and waits for all of them.
 *
 * <p>The runs share nothing but the progress. Used once, by one thread; its own threads have ended when it returns.
 *
 * @param <R> what the operation returns
 */
final class ParallelRuns<R> {

    /** The operation on one project. */
    @FunctionalInterface
    interface Operation<R> {
        R run(SelectedProject project, Progress progress) throws InterruptedException;
    }

    private final List<SelectedProject> projects;
    private final Concurrency concurrency;
    private final Progress progress;
    private final Stopwatch stopwatch = new Stopwatch();
    private final Map<String, ProjectRun<R>> ended = new ConcurrentHashMap<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** Why none is begun any more; null as long as they are. */
    private final AtomicReference<@Nullable String> stopped = new AtomicReference<>();

    ParallelRuns(List<SelectedProject> projects, Concurrency concurrency, Progress progress) {
        this.projects = projects;
        this.concurrency = concurrency;
        this.progress = progress;
    }

    /**
     * Runs the operation.
     *
     * @param failure finds the failure that a result tells of
     * @return also where the thread is interrupted: each run that was under way has then ended as an interrupted one
     */
    ProjectsResult<R> run(Revision revision, Operation<R> operation, Function<R, Optional<DeliveryException>> failure) {
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.max(1, Math.min(concurrency.jobs(), projects.size())), this::thread);
        for (SelectedProject project : projects) {
            pool.execute(() -> ended.put(project.file(), one(project, operation, failure)));
        }
        pool.shutdown();
        boolean interrupted = awaitEnd(pool);
        var runs = new ArrayList<ProjectRun<R>>();
        for (SelectedProject project : projects) {
            ProjectRun<R> run = ended.get(project.file());
            runs.add(run == null ? notRun(project) : run);
        }
        return new ProjectsResult<>(revision, runs, interrupted, stopwatch.seconds());
    }

    private ProjectRun<R> one(
            SelectedProject project, Operation<R> operation, Function<R, Optional<DeliveryException>> failure) {
        if (stopped.get() != null) {
            return notRun(project);
        }
        var watch = new Stopwatch();
        var named = new NamedProgress(project.name(), progress);
        ProjectRun.Outcome<R> outcome = outcome(project, operation, failure, named);
        if (outcome instanceof ProjectRun.Failed<R> failed) {
            named.step("failed: " + failed.failure().what());
            if (concurrency.failFast()) {
                stopped.compareAndSet(null, project.name() + " failed before it was begun");
            }
        } else {
            named.step("done");
        }
        progress.advance("projects", (ended.size() + 1.0) / projects.size());
        return new ProjectRun<>(project, outcome, watch.seconds());
    }

    private ProjectRun.Outcome<R> outcome(
            SelectedProject project,
            Operation<R> operation,
            Function<R, Optional<DeliveryException>> failure,
            Progress named) {
        try {
            R result = operation.run(project, named);
            Optional<DeliveryException> told = failure.apply(result);
            return told.isPresent() ? new ProjectRun.Failed<>(told.get(), result) : new ProjectRun.Done<>(result);
        } catch (DeliveryException e) {
            return new ProjectRun.Failed<>(e, null);
        } catch (InterruptedException e) {
            String what = e.getMessage() == null ? "interrupted" : e.getMessage();
            return new ProjectRun.Failed<>(DeliveryException.of(Problem.INTERRUPTED, what), null);
        } catch (RuntimeException | Error e) {
            // A mistake in the work on one project must not take the others' results with it.
            return new ProjectRun.Failed<>(
                    DeliveryException.of(Problem.DEFECT, "this is a defect in Lockstep: " + e)
                            .where(project.file())
                            .hint("please report it, with what --verbose prints")
                            .causedBy(e),
                    null);
        }
    }

    /** Waits until nothing runs any more; returns whether it was interrupted and has passed that on. */
    private boolean awaitEnd(ExecutorService pool) {
        boolean interrupted = false;
        while (true) {
            try {
                if (pool.awaitTermination(1, TimeUnit.DAYS)) {
                    for (Thread thread : threads) {
                        thread.join(); // the pool has ended a moment before its threads have
                    }
                    return interrupted;
                }
            } catch (InterruptedException e) {
                // Once: each run may be writing down by now that it was interrupted.
                if (!interrupted) {
                    interrupted = true;
                    stopped.set("interrupted before it was begun");
                    pool.shutdownNow();
                }
            }
        }
    }

    private ProjectRun<R> notRun(SelectedProject project) {
        String why = stopped.get();
        return new ProjectRun<>(project, new ProjectRun.NotRun<>(why == null ? "not begun" : why), 0);
    }

    private Thread thread(Runnable work) {
        var thread = new Thread(work, "lockstep-project-" + (threads.size() + 1));
        threads.add(thread);
        return thread;
    }
}
