package io.jenkins.plugins.lockstep.delivery;

import static io.jenkins.plugins.lockstep.revision.Revision.shortId;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.project.Environment.HoldRule;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a hold lets a revision pass (design, section 5, rule 13); pure but for what it asks of the lineage.
 *
 * @param place application and environment, for messages
 * @param environment its name
 * @param rule what ends a hold, besides people
 * @param overrides names the revision that this one mends
 * @param lineage knows what descends from what
 * @param resolver makes a full id of what a user typed; throws where it can't
 */
record HoldGuard(
        String place,
        String environment,
        HoldRule rule,
        Overrides overrides,
        Lineage lineage,
        UnaryOperator<String> resolver) {

    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{4,40}");

    /**
     * Lets a revision pass, or refuses it.
     *
     * @throws DeliveryException {@link Problem#HELD} with who held it, when, why, and the command that lifts it
     */
    Admission admit(String revision, Holds holds) {
        Optional<Hold> everything = holds.environment();
        Optional<Hold> failed = holds.failure(revision);
        String fixes = overrides.fixes();
        if (fixes != null) {
            return mended(revision, fixes, everything, failed);
        }
        Admission admission = Admission.PLAIN;
        if (everything.isPresent()) {
            if (!isEndedBy(revision, everything.get())) {
                throw refusal(revision, everything.get());
            }
            admission = Admission.remarking("it descends from "
                    + listed(everything.get().revisions()) + ", which was rolled back: that ends the hold");
        }
        if (failed.isPresent()) {
            throw refusal(revision, failed.get());
        }
        return admission;
    }

    private boolean isEndedBy(String revision, Hold hold) {
        return rule == HoldRule.UNTIL_DESCENDANT
                && !hold.revisions().isEmpty()
                && hold.revisions().stream()
                        .allMatch(bad -> lineage.ancestry(revision, bad).relation() == Relation.DESCENDANT);
    }

    private Admission mended(String revision, String fixes, Optional<Hold> everything, Optional<Hold> failed) {
        if (everything.filter(hold -> hold.kind() == Hold.Kind.BY_HAND).isPresent()) {
            throw refusal(revision, everything.get());
        }
        Set<String> bad = new LinkedHashSet<>();
        everything.ifPresent(hold -> bad.addAll(hold.revisions()));
        failed.ifPresent(hold -> bad.addAll(hold.revisions()));
        if (bad.isEmpty()) {
            return Admission.warning("nothing is held here: --fixes " + fixes + " has no effect");
        }
        String mended = named(fixes, bad);
        if (!bad.contains(mended)) {
            throw DeliveryException.of(Problem.HELD, "'" + fixes + "' is not what is held")
                    .where(place)
                    .why("held is " + listed(bad))
                    .hint("if " + shortId(revision) + " fixes that: --fixes "
                            + shortId(bad.iterator().next()));
        }
        return Admission.remarking("it fixes " + shortId(mended) + ", as --fixes says: that ends the hold");
    }

    /** Looks among the held ones first: whoever copies an id from the refusal needs no clone that has it. */
    private String named(String fixes, Set<String> bad) {
        String typed = fixes.toLowerCase(Locale.ROOT);
        if (ID_PREFIX.matcher(typed).matches()) {
            var matching = bad.stream().filter(id -> id.startsWith(typed)).toList();
            if (matching.size() == 1) {
                return matching.get(0);
            }
        }
        try {
            return resolver.apply(fixes);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT) {
                throw e;
            }
            return fixes;
        }
    }

    private DeliveryException refusal(String revision, Hold hold) {
        String lift = "lockstep hold " + environment + " --release";
        DeliveryException refusal =
                switch (hold.kind()) {
                    case BY_HAND ->
                        DeliveryException.of(
                                        Problem.HELD, environment + " is held: " + shortId(revision) + " may not come")
                                .hint("lift it: " + lift);
                    case ROLLBACK ->
                        DeliveryException.of(
                                        Problem.HELD,
                                        environment + " is held after a rollback: " + shortId(revision)
                                                + " may not come")
                                .hint("if it fixes " + shortId(hold.revisions().get(0)) + ": deploy with --fixes "
                                        + shortId(hold.revisions().get(0)) + "; or lift the hold: " + lift);
                    case FAILURE ->
                        DeliveryException.of(
                                        Problem.HELD,
                                        "revision " + shortId(revision) + " is held in " + environment
                                                + ": it failed here and was undone")
                                .hint("deploy a revision that fixes it; if the cause lay elsewhere and is gone: "
                                        + lift);
                };
        return refusal.where(place).why(inWords(hold));
    }

    /** Says who, when and why. */
    static String inWords(Hold hold) {
        String since = " by " + hold.by() + " at " + hold.at().truncatedTo(ChronoUnit.SECONDS);
        return switch (hold.kind()) {
            case BY_HAND -> "held" + since + (hold.reason() == null ? ", without a reason" : ": " + hold.reason());
            case ROLLBACK -> hold.reason() + since + ", away from " + listed(hold.revisions());
            case FAILURE -> listed(hold.revisions()) + ", released" + since + "; " + hold.reason();
        };
    }

    private static String listed(Iterable<String> ids) {
        return java.util.stream.StreamSupport.stream(ids.spliterator(), false)
                .map(id -> shortId(id))
                .collect(Collectors.joining(", "));
    }
}
