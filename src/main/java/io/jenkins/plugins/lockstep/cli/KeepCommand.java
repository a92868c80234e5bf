package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.PinResult;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep keep ENV N}. */
@Command(
        name = "keep",
        description = "Pin a release: what it rendered is kept, however old it grows (see lockstep gc).",
        footer = {"", "Examples:", "  lockstep keep production 7", "  lockstep keep production 7 --undo"})
final class KeepCommand extends ClusterCommand {

    @Parameters(index = "0", paramLabel = "ENV", description = "The environment.")
    String environment;

    @Parameters(index = "1", paramLabel = "N", description = "The release's number (see lockstep history).")
    String number;

    @Option(names = "--undo", description = "Pin it no longer.")
    boolean undo;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        PinResult result = delivery.pin(project(null), environment, releaseNumber(), !undo, target());
        print(
                result.toTree(),
                () -> line(
                        "release %d of revision %s is %s",
                        result.release().number(),
                        result.release().revision(),
                        result.release().pinned() ? "pinned" : "not pinned"));
        return 0;
    }

    private int releaseNumber() {
        String typed = number.strip();
        try {
            RollbackTarget target = RollbackTarget.parse(typed.startsWith("#") ? typed : "#" + typed);
            if (target instanceof RollbackTarget.ToRelease release) {
                return release.number();
            }
        } catch (DeliveryException e) {
            // Whoever wrote no # need not hear of one.
        }
        throw DeliveryException.of(Problem.BAD_USAGE, "'" + number + "' is no release number")
                .hint("write a number, for example 7: lockstep history " + environment + " lists them");
    }
}
