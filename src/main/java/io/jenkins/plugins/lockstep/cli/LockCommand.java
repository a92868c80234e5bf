package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.LockResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep lock}. */
@Command(
        name = "lock",
        description = "Write down, by digest and platform, what the base images of the project file are now:"
                + " into lockstep.lock beside it. Builds read that file from the commit.",
        footer = {
            "",
            "Examples:",
            "  lockstep lock && git add lockstep.lock",
            "  lockstep lock --check                    ends with 8 where a base has moved; writes nothing",
            "  lockstep lock --file worker.yaml         writes worker.lock"
        })
final class LockCommand extends OperationCommand {

    @Option(
            names = "--check",
            description = "Write nothing; end with 8 where the file is missing or would say something else.")
    boolean check;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        LockResult result = delivery.lock(project(null), check, progress);
        print(result.toTree(), () -> words(result));
        return check && result.changed() ? Problem.ANSWER_NO.exitCode() : 0;
    }

    private void words(LockResult result) {
        result.bases()
                .forEach((base, digests) ->
                        digests.forEach((platform, digest) -> line("%s %s %s", base, platform, digest)));
        if (result.written()) {
            line("wrote %s: commit it", result.file());
        } else if (result.changed()) {
            line("%s does not say so: run lockstep lock", result.file());
        } else if (result.bases().isEmpty()) {
            line("nothing to lock: no base can move");
        } else {
            line("%s says so already", result.file());
        }
    }
}
