package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Settles, once for all platforms of an image, what it is built on. */
final class Bases {

    private final RegistryAccess access;

    Bases(RegistryAccess access) {
        this.access = access;
    }

    /** Returns the base of each platform, in the order of {@code platforms}. */
    Map<ImagePlatform, ReadyBase> ready(Base base, List<ImagePlatform> platforms, Progress progress) {
        if (base instanceof Base.Archive archive) {
            return new ArchiveBase(archive, access.cacheDirectory()).ready(platforms, progress);
        }
        if (base instanceof Base.Named named) {
            return named(named, platforms, progress);
        }
        Map<ImagePlatform, ReadyBase> ready = new LinkedHashMap<>();
        platforms.forEach(platform -> ready.put(platform, ReadyBase.SCRATCH));
        return ready;
    }

    /** Only what nobody has settled before is asked of the registry. */
    private Map<ImagePlatform, ReadyBase> named(Base.Named base, List<ImagePlatform> platforms, Progress progress) {
        List<ImagePlatform> open = new ArrayList<>(platforms);
        open.removeIf(platform -> base.digests().containsKey(platform.toString()));
        Map<ImagePlatform, String> answers =
                open.isEmpty() ? Map.of() : new RegistryBases(access).digests(base.reference(), open, progress);
        Map<ImagePlatform, ReadyBase> ready = new LinkedHashMap<>();
        for (ImagePlatform platform : platforms) {
            String digest = base.digests().get(platform.toString());
            ready.put(
                    platform,
                    ReadyBase.of(
                            base.reference(), digest == null ? Objects.requireNonNull(answers.get(platform)) : digest));
        }
        return ready;
    }
}
