package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.VerifyResult;
import io.jenkins.plugins.lockstep.deploy.DriftCheck.Drifted;
import io.jenkins.plugins.lockstep.history.Release;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lockstep verify ENV}. */
@Command(
        name = "verify",
        description = "Say whether live objects still carry the seal of the release. Writes nothing.",
        footer = {
            "",
            "Ends with 0 where they do, with 8 where something has drifted.",
            "",
            "Examples:",
            "  lockstep verify production",
            "  lockstep verify production --json      with every value, and who changed it"
        })
final class VerifyCommand extends ClusterCommand {

    private static final int LONGEST_VALUE = 60;

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        VerifyResult result = delivery.verify(project(null), environment, target());
        print(result.toTree(), () -> words(result));
        return result.intact() ? 0 : Problem.ANSWER_NO.exitCode();
    }

    private void words(VerifyResult result) {
        Release release = result.release();
        if (!result.sealed()) {
            line("the record of release %d no longer has its seal: it was changed in the ledger", release.number());
            line("  recorded %s", release.seal());
            line("  computed %s", result.seal());
        }
        for (Drifted drifted : result.drift()) {
            line("%s", VerifyResult.words(drifted));
            if (!drifted.field().isEmpty()) {
                line("  live     %s", shortened(drifted.live()));
                line("  released %s", shortened(drifted.released()));
            }
        }
        result.notes().forEach(note -> line("%s", note));
        line(
                "%s in %s %s the seal of release %d, revision %s",
                release.app(),
                release.environment(),
                result.intact() ? "carries" : "does not carry",
                release.number(),
                release.revision());
        VerifyResult.Source source = result.source();
        switch (source.answer()) {
            case SAME -> line("the release is exactly what this commit renders");
            case DIFFERS -> {
                line("the release is not what this commit renders with this version of Lockstep:");
                source.differences().forEach(difference -> line("  %s", difference));
            }
            case UNKNOWN -> line("the commit was not rendered again: %s", VerifyResult.value(source.why()));
        }
    }

    private static String shortened(@Nullable Object value) {
        String text = VerifyResult.value(value).replace("\n", "\\n");
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
    }
}
