package io.jenkins.plugins.lockstep.jenkins.board;

import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What would come to an environment from where its next revision is. */
@ExportedBean(defaultVisibility = 999)
public final class Incoming {

    private final @Nullable String from;
    private final String revision;
    private final Shipment shipment;

    Incoming(@Nullable String from, String revision, Shipment shipment) {
        this.from = from;
        this.revision = revision;
        this.shipment = shipment;
    }

    /** Returns the environment that it would come from, null for the newest build. */
    @Exported
    public @Nullable String getFrom() {
        return from;
    }

    /** Returns the full id of what would come. */
    @Exported
    public String getRevision() {
        return revision;
    }

    @Exported
    public Shipment getShipment() {
        return shipment;
    }
}
