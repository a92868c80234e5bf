package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a bundle is, without its objects.
 *
 * @param app the application
 * @param vcs {@code git} or {@code mercurial}
 * @param revision full id
 * @param images with their digests, in the order of the project file
 * @param environments all of the application, in the order of the project file
 * @param after where a revision has to run before it may come to an environment, by the latter; without those that wait for
 *     none
 * @param clusters what the project file names as the cluster of an environment, by environment; those without are left out
 * @param released those that the bundle has objects for
 * @param problems why it has none for others that were asked for: a sentence by environment
 * @param secrets whether any of its objects is a Secret, so that the bytes have to be kept like one
 * @param commits the revision and the newest commits before it
 */
public record BundleSummary(
        String app,
        String vcs,
        String revision,
        List<ReleasedImage> images,
        List<String> environments,
        Map<String, String> after,
        Map<String, String> clusters,
        List<String> released,
        Map<String, String> problems,
        boolean secrets,
        RecentCommits commits) {

    public BundleSummary {
        images = List.copyOf(images);
        environments = List.copyOf(environments);
        after = Map.copyOf(after);
        clusters = Map.copyOf(clusters);
        released = List.copyOf(released);
        problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
    }

    /**
     * Reads what a bundle is, and checks all of it; no object is ever in memory.
     *
     * @throws io.jenkins.plugins.lockstep.common.DeliveryException
     *     {@link io.jenkins.plugins.lockstep.common.Problem#BAD_INPUT} where it is no bundle, of another version, cut short,
     *     damaged or too large
     */
    public static BundleSummary of(BundleSource source) {
        return of(BundleFiles.readWithoutObjects(source));
    }

    static BundleSummary of(Bundle bundle) {
        return new BundleSummary(
                bundle.app(),
                bundle.vcs(),
                bundle.revision(),
                bundle.images(),
                List.copyOf(bundle.environments().keySet()),
                after(bundle),
                clusters(bundle),
                List.copyOf(bundle.contents().released()),
                bundle.contents().problems(),
                bundle.contents().secrets(),
                bundle.commits());
    }

    private static Map<String, String> after(Bundle bundle) {
        var after = new LinkedHashMap<String, String>();
        bundle.environments().forEach((name, environment) -> {
            if (environment.after() != null) {
                after.put(name, environment.after());
            }
        });
        return after;
    }

    private static Map<String, String> clusters(Bundle bundle) {
        var named = new LinkedHashMap<String, String>();
        bundle.environments().forEach((name, environment) -> {
            if (environment.cluster() != null) {
                named.put(name, environment.cluster());
            }
        });
        return named;
    }
}
