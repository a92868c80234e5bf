package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Job;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A revision that a job has built and keeps a bundle of. */
public final class OfferedRevision {

    /** How many are offered, the newest. */
    private static final int MOST = 50;

    private final String revision;
    private final String label;

    private OfferedRevision(String revision, String label) {
        this.revision = revision;
        this.label = label;
    }

    /**
     * Lists them, the newest build first, each revision once.
     *
     * @param asking the job that wants to use them
     * @param job the job that has built them, relative to the folder of the one that asks; null for that itself
     * @param app only those of this application, null for all
     * @throws io.jenkins.plugins.lockstep.common.DeliveryException
     *     {@link io.jenkins.plugins.lockstep.common.Problem#BAD_USAGE} where there is no such job, or none that it may use
     */
    public static List<OfferedRevision> of(Job<?, ?> asking, @Nullable String job, @Nullable String app) {
        var offers = new LinkedHashMap<String, OfferedRevision>();
        KeptBundle.stream(BundleChoice.job(asking, job))
                .filter(bundle -> bundle.record().isBuilt() && (app == null || app.equals(bundle.app())))
                .takeWhile(bundle -> offers.size() < MOST)
                .forEach(bundle ->
                        offers.putIfAbsent(bundle.revision(), new OfferedRevision(bundle.revision(), label(bundle))));
        return List.copyOf(offers.values());
    }

    private static String label(KeptBundle bundle) {
        return bundle.revision().substring(0, 12) + " (" + bundle.app() + ", "
                + bundle.run().getDisplayName() + ")";
    }

    /** Returns the full id. */
    public String getRevision() {
        return revision;
    }

    /** Returns what people read: the first letters, the application and the build. */
    public String getLabel() {
        return label;
    }
}
