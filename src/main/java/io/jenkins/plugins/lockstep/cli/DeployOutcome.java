package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Prints how a release ended; deploy, release and rollback share it. */
final class DeployOutcome {

    private final OperationCommand command;

    DeployOutcome(OperationCommand command) {
        this.command = command;
    }

    /** Prints the result and returns the exit code. */
    int print(DeployResult result) {
        var document = new LinkedHashMap<String, @Nullable Object>(result.toTree());
        result.failure().ifPresent(failure -> document.put("error", FailureReport.tree(failure)));
        command.print(document, () -> words(result));
        return result.problem().map(Problem::exitCode).orElse(0);
    }

    private void words(DeployResult result) {
        Release release = result.release();
        Verdict verdict = result.verdict();
        command.line(
                "%s in %s: release %d of revision %s: %s",
                release.app(), release.environment(), release.number(), release.revision(), verdict.message());
        release.images().forEach(image -> command.line("  image    %s", image.reference()));
        release.configMaps().forEach(name -> command.line("  config   %s", name));
        if (release.rollbackOf() != null) {
            command.line("  rollback of release %d", release.rollbackOf());
            command.line(
                    "  held     for every other revision; deploy the fix with --fixes R, or lift it: lockstep hold %s"
                            + " --release",
                    release.environment());
        }
        release.remarks().forEach(remark -> command.line("  remark   %s", remark));
        if (!verdict.isGood()) {
            command.line("  cause    %s", verdict.code().word());
            verdict.evidence().forEach(line -> command.line("  | %s", line));
            if (verdict.hint() != null) {
                command.line("  do       %s", verdict.hint());
            }
            result.restoreInWords().lines().forEach(line -> command.line("  %s", line));
        }
    }
}
