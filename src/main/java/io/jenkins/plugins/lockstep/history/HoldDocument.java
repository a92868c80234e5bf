package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds as plain trees: what ledgers keep and what JSON shows. */
public final class HoldDocument {

    private HoldDocument() {}

    /** Writes a hold as JSON shows it. */
    public static Map<String, @Nullable Object> of(Hold hold) {
        Map<String, @Nullable Object> tree = tree(hold.by(), hold.at(), hold.reason());
        tree.put("kind", hold.kind().word());
        tree.put("release", hold.release());
        tree.put("revisions", new ArrayList<>(hold.revisions()));
        return tree;
    }

    /** Writes what people said, as a ledger keeps it. */
    public static String text(HoldNotes notes) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        HoldNotes.ByHand hold = notes.hold();
        tree.put("hold", hold == null ? null : tree(hold.by(), hold.at(), hold.reason()));
        HoldNotes.Lift lift = notes.lift();
        if (lift == null) {
            tree.put("lift", null);
        } else {
            Map<String, @Nullable Object> lifted = tree(lift.by(), lift.at(), lift.reason());
            lifted.put("upTo", lift.upTo());
            tree.put("lift", lifted);
        }
        return Json.writePretty(tree) + "\n";
    }

    private static Map<String, @Nullable Object> tree(String by, Instant at, @Nullable String reason) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("by", by);
        tree.put("at", at.toString());
        tree.put("reason", reason);
        return tree;
    }

    /**
     * Reads what people said.
     *
     * @param text what {@link #text} wrote
     * @param place where it was found, for errors
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is damaged: what may hold is never taken for nothing
     */
    public static HoldNotes read(String text, String place) {
        Object tree;
        try {
            tree = Json.read(text);
        } catch (DeliveryException e) {
            throw e.where(place).hint("someone changed it by hand: mend it, or take it away");
        }
        Fields fields = Fields.of(tree, place);
        Fields hold = fields.optionalMap("hold");
        Fields lift = fields.optionalMap("lift");
        return new HoldNotes(
                hold == null ? null : new HoldNotes.ByHand(hold.text("by"), instant(hold), hold.optionalText("reason")),
                lift == null
                        ? null
                        : new HoldNotes.Lift(
                                lift.number("upTo"), lift.text("by"), instant(lift), lift.optionalText("reason")));
    }

    private static Instant instant(Fields fields) {
        try {
            return Instant.parse(fields.text("at"));
        } catch (DateTimeParseException e) {
            throw fields.damaged("at").causedBy(e);
        }
    }
}
