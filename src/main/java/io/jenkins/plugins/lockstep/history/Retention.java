package io.jenkins.plugins.lockstep.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which releases keep their payload, and why (design, section 5, rule 11); pure.
 *
 * @param releases the newest that keep it, counted among the good ones for a good one; at least 1
 * @param days how long a release keeps it at least; at least 1
 * @param now when that is asked
 */
public record Retention(int releases, int days, Instant now) {

    /** Nothing younger is ever collected: what somebody works on just now is among it. */
    public static final Duration YOUNGEST = Duration.ofHours(24);

    /**
     * What becomes of the payload of one release.
     *
     * @param release which
     * @param kept whether it stays
     * @param reason why, as the end of a sentence
     */
    public record Decision(Release release, boolean kept, String reason) {}

    /**
     * Decides on every release that has a payload, newest first.
     *
     * @param log all releases
     * @param live for each object that runs something, or may do so again: the image digests and the names of
     *     content-named ConfigMaps that it mentions
     */
    public List<Decision> decide(ReleaseLog log, Set<Set<String>> live) {
        Map<Integer, String> special = special(log, live);
        var decisions = new ArrayList<Decision>();
        int all = 0;
        int good = 0;
        for (Release release : log.releases()) {
            all++;
            good += release.isGood() ? 1 : 0;
            if (!release.collected()) {
                decisions.add(decide(release, special.get(release.number()), release.isGood() ? good : all));
            }
        }
        return decisions;
    }

    private Decision decide(Release release, @Nullable String special, int rank) {
        if (special != null) {
            return new Decision(release, true, special);
        }
        if (release.pinned()) {
            return new Decision(release, true, "pinned");
        }
        if (rank <= releases) {
            String which = release.isGood() ? " good ones" : "";
            return new Decision(release, true, "among the newest " + releases + which);
        }
        Duration age = Duration.between(release.at(), now);
        if (age.compareTo(Duration.ofDays(days)) < 0 || age.compareTo(YOUNGEST) < 0) {
            return new Decision(release, true, "younger than " + (days == 1 ? "a day" : days + " days"));
        }
        return new Decision(
                release,
                false,
                "older than " + (days == 1 ? "a day" : days + " days") + " and than the newest " + releases
                        + ", and nothing refers to it");
    }

    /** The reasons that hold whatever the numbers say, by release. */
    private static Map<Integer, String> special(ReleaseLog log, Set<Set<String>> live) {
        var reasons = new HashMap<Integer, String>();
        log.unfinished().forEach(release -> reasons.put(release.number(), "it has not ended"));
        log.newestEnded().ifPresent(release -> reasons.put(release.number(), "it ended last"));
        log.current().ifPresent(release -> reasons.put(release.number(), "it runs"));
        var names = new HashSet<String>();
        log.releases().forEach(release -> names.addAll(release.configMaps()));
        for (Set<String> mentioned : live) {
            log.releases().stream()
                    .filter(release -> isOf(release, mentioned, names))
                    .findFirst()
                    .ifPresent(release -> reasons.putIfAbsent(release.number(), "a pod or a workload refers to it"));
        }
        return reasons;
    }

    /** Tells whether something that runs may be of a release: it has an image of it, and no configuration of another. */
    private static boolean isOf(Release release, Set<String> mentioned, Set<String> names) {
        return release.images().stream().anyMatch(image -> {
                    String digest = image.reference().digest();
                    return digest != null && mentioned.contains(digest);
                })
                && mentioned.stream().filter(names::contains).allMatch(name -> release.configMaps()
                        .contains(name));
    }
}
