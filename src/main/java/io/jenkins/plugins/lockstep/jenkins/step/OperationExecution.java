package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.AbortException;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.OperationRun;
import io.jenkins.plugins.lockstep.jenkins.run.OperationState;
import io.jenkins.plugins.lockstep.jenkins.run.OperationThreads;
import io.jenkins.plugins.lockstep.jenkins.run.Requests;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Runs an operation in a thread of its own, and takes no executor for that.
 *
 * <p>{@link #start} checks the permission, as only the Pipeline's own thread is authenticated as the build, and lets an
 * {@link Attempt} begin. {@link #stop} interrupts it; it fails the step when the ledger says that the release was
 * interrupted, or soon anyway. After a restart of the controller {@link #onResume} begins another attempt, which goes on
 * with the release that the first one has begun.
 */
final class OperationExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private final Operation operation;

    // Null until the step has started; kept over a restart.
    private volatile @Nullable OperationState state;

    // What runs in this JVM.
    private transient volatile @Nullable Attempt attempt;

    // Kept over a restart: a step that was stopped must not go on.
    private boolean stopped;

    // Whether the step has been told of it in this JVM.
    private transient boolean stopTold;

    OperationExecution(StepContext context, Operation operation) {
        super(context);
        this.operation = operation;
    }

    @Override
    public boolean start() throws Exception {
        state = new OperationState(
                operation, Requests.admitted(operation, getContext().get(Run.class)));
        attempt = Attempt.begin(getContext(), state, false);
        return false;
    }

    @Override
    public synchronized void onResume() {
        if (stopped) {
            if (!stopTold) {
                getContext().onFailure(new AbortException("the step was stopped before Jenkins was restarted"));
            }
            return;
        }
        OperationState kept = state;
        if (kept == null) {
            getContext().onFailure(new IOException("Jenkins was restarted before the step had begun"));
        } else {
            attempt = Attempt.begin(getContext(), kept, true);
        }
    }

    @Override
    public synchronized void stop(Throwable cause) throws Exception {
        stopped = true;
        stopTold = true;
        Attempt running = attempt;
        if (running == null) {
            super.stop(cause);
        } else {
            running.stop(cause);
        }
    }

    @Override
    public String getStatus() {
        return attempt == null ? "not running" : operation.kind().word() + " under way";
    }

    /** The operation in this JVM. The step hears of its end once. */
    private static final class Attempt {

        /** How long a stopped operation may go on before the step ends without it. */
        private static final long PATIENCE_SECONDS = 30;

        private final StepContext context;
        private final OperationState state;
        private final boolean resuming;
        private final AtomicBoolean told = new AtomicBoolean();
        private volatile @Nullable Throwable stopCause;
        private volatile @Nullable Future<?> work;

        private Attempt(StepContext context, OperationState state, boolean resuming) {
            this.context = context;
            this.state = state;
            this.resuming = resuming;
        }

        static Attempt begin(StepContext context, OperationState state, boolean resuming) {
            var attempt = new Attempt(context, state, resuming);
            Authentication build = Jenkins.getAuthentication2();
            attempt.work = OperationThreads.pool().submit(() -> attempt.run(build));
            return attempt;
        }

        @SuppressWarnings("try")
        private void run(Authentication build) {
            try (var as = ACL.as2(build)) {
                Object result = new OperationRun(
                                state,
                                new StepSurroundings(
                                        context,
                                        context.get(Run.class),
                                        context.get(TaskListener.class),
                                        context.get(EnvVars.class),
                                        resuming),
                                resuming)
                        .perform();
                tell(() -> context.onSuccess(result));
            } catch (Throwable failure) {
                Throwable cause = stopCause;
                tell(() -> context.onFailure(cause == null ? failure : cause));
            }
        }

        void stop(Throwable cause) {
            boolean again = stopCause != null;
            stopCause = cause;
            Future<?> running = work;
            if (running != null) {
                running.cancel(true);
            }
            var unused = Timer.get()
                    .schedule(
                            () -> tell(() -> context.onFailure(cause)), again ? 0 : PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private void tell(Runnable end) {
            if (told.compareAndSet(false, true)) {
                end.run();
            }
        }
    }
}
