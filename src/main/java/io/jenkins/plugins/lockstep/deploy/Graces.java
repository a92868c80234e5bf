package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DurationText;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How long, or how often, a fault may last before it is conclusive (design, section 6). What recovers before is no
 * failure.
 *
 * @param reference for a ConfigMap, a Secret, a key, a claim or a service account that is not part of the release, and
 *     for a container that can't be created; default 1 min
 * @param mount for a volume that can't be mounted or attached; default 1 min
 * @param registry for a registry that does not answer or answers with a fault of its own; default 2 min
 * @param imagePull for an image that the registry refuses, from the first refusal on; default none: {@code refusedPulls}
 *     alone decides
 * @param scheduling for a pod that no node takes, unless an autoscaler says that it adds one; default 3 min
 * @param quota for a quota that leaves no room, and for any passing trouble in creating pods; counted from when the last
 *     terminating pod of the namespace is gone; default 30 s
 * @param volumeClaim for a claim without a volume, from the last sign that somebody makes one; default 2 min
 * @param refusedPulls pulls of one container that the registry explicitly refused; default 2
 * @param exits ends of one container of the new revision; default 3
 * @param failedStarts starts of one container whose command is not there or can't be run; default 2
 * @param steady how long a new container without a readiness probe must have run to count as ready: one that crashes
 *     soon looks ready to the cluster until it does; default 5 s
 */
public record Graces(
        Duration reference,
        Duration mount,
        Duration registry,
        Duration imagePull,
        Duration scheduling,
        Duration quota,
        Duration volumeClaim,
        int refusedPulls,
        int exits,
        int failedStarts,
        Duration steady) {

    /** The defaults. */
    public static final Graces DEFAULT = new Graces(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ZERO,
            Duration.ofMinutes(3),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            2,
            3,
            2,
            Duration.ofSeconds(5));

    /** The names of all graces, as options and project files write them. */
    public static final List<String> NAMES = List.of(
            "reference",
            "mount",
            "registry",
            "imagePull",
            "scheduling",
            "quota",
            "volumeClaim",
            "refusedPulls",
            "exits",
            "failedStarts",
            "steady");

    private static final int MOST = 1000;

    /**
     * Returns a copy with other graces.
     *
     * @param values by name: a number for {@code refusedPulls}, {@code exits} and {@code failedStarts}, a time such as
     *     {@code 90s} for the others
     * @throws DeliveryException {@link Problem#BAD_USAGE} for a name or a value that is none
     */
    public Graces with(Map<String, String> values) {
        Graces graces = this;
        for (Map.Entry<String, String> value : values.entrySet()) {
            graces = graces.with(value.getKey(), value.getValue());
        }
        return graces;
    }

    private Graces with(String name, String value) {
        return switch (name) {
            case "reference" -> times(time(name, value), mount, registry, imagePull, scheduling, quota, volumeClaim);
            case "mount" -> times(reference, time(name, value), registry, imagePull, scheduling, quota, volumeClaim);
            case "registry" -> times(reference, mount, time(name, value), imagePull, scheduling, quota, volumeClaim);
            case "imagePull" -> times(reference, mount, registry, time(name, value), scheduling, quota, volumeClaim);
            case "scheduling" -> times(reference, mount, registry, imagePull, time(name, value), quota, volumeClaim);
            case "quota" -> times(reference, mount, registry, imagePull, scheduling, time(name, value), volumeClaim);
            case "volumeClaim" -> times(reference, mount, registry, imagePull, scheduling, quota, time(name, value));
            case "refusedPulls" -> counts(count(name, value), exits, failedStarts, steady);
            case "exits" -> counts(refusedPulls, count(name, value), failedStarts, steady);
            case "failedStarts" -> counts(refusedPulls, exits, count(name, value), steady);
            case "steady" -> counts(refusedPulls, exits, failedStarts, time(name, value));
            default ->
                throw DeliveryException.of(Problem.BAD_USAGE, "no grace is named '" + name + "'")
                        .hint(NearestWord.hint(name, NAMES));
        };
    }

    private Graces times(
            Duration newReference,
            Duration newMount,
            Duration newRegistry,
            Duration newImagePull,
            Duration newScheduling,
            Duration newQuota,
            Duration newVolumeClaim) {
        return new Graces(
                newReference,
                newMount,
                newRegistry,
                newImagePull,
                newScheduling,
                newQuota,
                newVolumeClaim,
                refusedPulls,
                exits,
                failedStarts,
                steady);
    }

    private Graces counts(int newRefusedPulls, int newExits, int newFailedStarts, Duration newSteady) {
        return new Graces(
                reference,
                mount,
                registry,
                imagePull,
                scheduling,
                quota,
                volumeClaim,
                newRefusedPulls,
                newExits,
                newFailedStarts,
                newSteady);
    }

    private static Duration time(String name, String value) {
        try {
            return DurationText.parse(value);
        } catch (DeliveryException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the grace '" + name + "' can't be '" + value + "'")
                    .hint("write a time, for example 90s, 10m or 1h30m");
        }
    }

    private static int count(String name, String value) {
        int count = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
        if (count < 1 || count > MOST) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the grace '" + name + "' can't be '" + value + "'")
                    .hint("write how often it may happen, from 1 to " + MOST);
        }
        return count;
    }
}
