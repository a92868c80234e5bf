package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundSetter;

/** What steps take whose revision has to pass the guards of an environment. */
public abstract class GuardedStep extends RolloutStep {

    private @Nullable String revision;
    private @Nullable String fixes;
    private boolean allowOlder;
    private boolean allowDiverged;
    private boolean skipGate;

    GuardedStep(@Nullable String environment) {
        super(environment);
    }

    /** Begins an operation with what all these steps take. */
    final Operation guarded(Kind kind) {
        return rollingOut(kind)
                .with("revision", revision)
                .with("fixes", fixes)
                .with("allowOlder", allowOlder)
                .with("allowDiverged", allowDiverged)
                .with("skipGate", skipGate);
    }

    public final @Nullable String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public final void setRevision(@Nullable String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    public final @Nullable String getFixes() {
        return fixes;
    }

    @DataBoundSetter
    public final void setFixes(@Nullable String fixes) {
        this.fixes = Util.fixEmptyAndTrim(fixes);
    }

    public final boolean isAllowOlder() {
        return allowOlder;
    }

    @DataBoundSetter
    public final void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    public final boolean isAllowDiverged() {
        return allowDiverged;
    }

    @DataBoundSetter
    public final void setAllowDiverged(boolean allowDiverged) {
        this.allowDiverged = allowDiverged;
    }

    public final boolean isSkipGate() {
        return skipGate;
    }

    @DataBoundSetter
    public final void setSkipGate(boolean skipGate) {
        this.skipGate = skipGate;
    }
}
