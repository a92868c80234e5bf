package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what {@code hg} writes on standard error into the engine's own failure.
 *
 * @param root the repository
 */
record HgFailures(Path root) {

    private static final Pattern REQUIREMENT =
            Pattern.compile("repository requires features unknown to this Mercurial: ([^\\n]+)");

    /** Written down in {@code .hg/requires} by extensions, and what to do about each. */
    private static final Map<String, String> ADVICE = Map.of(
            "largefiles",
                    "its large files are outside of the commits: 'hg lfconvert --to-normal SOURCE TARGET' makes a repository"
                            + " that has them inside",
            "lfs",
                    "its large files are outside of the commits: commit them themselves, in a repository without the"
                            + " extension lfs ('hg convert' with lfs.track=none() makes one)",
            "exp-sparse", "'hg --config extensions.sparse= debugsparse --reset' checks everything out",
            "narrowhg-experimental", "clone it whole, without --narrow",
            "exp-remotefilelog-repo-req-1", "clone it whole, without --shallow",
            "git", "run this in a clone that Git made");

    /** Returns the failure that {@code words} mean. */
    DeliveryException of(String words) {
        Matcher requirement = REQUIREMENT.matcher(words);
        if (requirement.find()) {
            String features = requirement.group(1).strip();
            String advice = ADVICE.get(features.replaceFirst("[, ].*", ""));
            return DeliveryException.of(Problem.BAD_INPUT, "Lockstep can't read this kind of Mercurial repository")
                    .where(root.toString())
                    .why("it requires " + features + ", an extension that is off here or unknown to this Mercurial")
                    .hint(
                            advice != null
                                    ? advice
                                    : "install a newer Mercurial, or use a clone without it ('hg debugrequirements' lists"
                                            + " what a repository requires)");
        }
        return DeliveryException.of(Problem.BAD_INPUT, "the Mercurial repository can't be read")
                .where(root.toString())
                .why(shown(words))
                .hint("does 'hg status' work there? 'hg verify' looks for damage");
    }

    /** The line that says what happened, without the control characters that a name may hold. */
    private static String shown(String words) {
        return words.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("abort:"))
                .findFirst()
                .map(line -> line.substring("abort:".length()).strip())
                .orElseGet(() -> words.lines()
                        .filter(line -> !line.isBlank())
                        .reduce((one, next) -> next)
                        .orElse(""))
                .replaceAll("\\p{Cntrl}", "?");
    }
}
