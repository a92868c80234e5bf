package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.OciIndexTemplate;
import com.google.cloud.tools.jib.image.json.UnknownManifestFormatException;
import com.google.cloud.tools.jib.image.json.V22ManifestListTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.BaseRegistry;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What references to base images mean, asked of their registries.
 *
 * <p>One request finds the platforms of an index, one more the platform of a single image. Where a platform has a variant,
 * the image configurations tell it: Jib reads an index without its variants. What a digest means is remembered in the
 * cache, since it can't change.
 */
public final class RegistryBases implements BaseRegistry {

    private final RegistryAccess access;
    private final JibFailures failures;
    private final SettledDigests settled;

    public RegistryBases(RegistryAccess access) {
        this.access = access;
        this.failures = new JibFailures(access.cacheDirectory());
        this.settled = new SettledDigests(access.cacheDirectory());
    }

    @Override
    public Map<String, String> resolve(ImageReference base, List<String> platforms, Progress progress) {
        Map<ImagePlatform, String> digests = digests(base, ImagePlatform.parse(platforms), progress);
        Map<String, String> byText = new LinkedHashMap<>();
        digests.forEach((platform, digest) -> byText.put(platform.toString(), digest));
        return byText;
    }

    Map<ImagePlatform, String> digests(ImageReference base, List<ImagePlatform> platforms, Progress progress) {
        ImageName name = ImageName.of(base);
        try {
            String digest = base.digest();
            Optional<Map<ImagePlatform, String>> known =
                    digest == null ? Optional.empty() : settled.all(digest, platforms);
            return known.isPresent() ? known.get() : askAgainAsNeeded(name, platforms, progress);
        } catch (IOException | RegistryException | UncheckedIOException e) {
            throw failures.ofBase(e, name);
        }
    }

    private Map<ImagePlatform, String> askAgainAsNeeded(
            ImageName name, List<ImagePlatform> platforms, Progress progress) throws IOException, RegistryException {
        var attempts = access.retries().begin(name.registry());
        while (true) {
            try {
                return ask(name, platforms, progress);
            } catch (IOException | RegistryException | UncheckedIOException e) {
                if (!attempts.again(e)) {
                    throw e;
                }
            }
        }
    }

    private Map<ImagePlatform, String> ask(ImageName name, List<ImagePlatform> platforms, Progress progress)
            throws IOException, RegistryException {
        try (var session = new RegistrySession(name, access, progress)) {
            ManifestAndDigest<?> top = session.manifest(name.qualifier());
            String digest = top.getDigest().toString();
            Map<ImagePlatform, String> digests = new LinkedHashMap<>();
            for (ImagePlatform platform : platforms) {
                Optional<String> known = settled.get(digest, platform);
                String chosen = known.isPresent() ? known.get() : choose(session, name, top, platform);
                settled.put(digest, platform, chosen);
                digests.put(platform, chosen);
            }
            return digests;
        }
    }

    private static String choose(
            RegistrySession session, ImageName name, ManifestAndDigest<?> top, ImagePlatform platform)
            throws IOException, RegistryException {
        if (!(top.getManifest() instanceof ManifestListTemplate list)) {
            ImagePlatform only = platform(session, name, top.getManifest());
            if (!platform.accepts(only)) {
                throw lacks(name, platform, only.toString());
            }
            return top.getDigest().toString();
        }
        List<String> candidates = list.getDigestsForPlatform(platform.architecture(), platform.os());
        if (platform.variant() == null && !candidates.isEmpty()) {
            return candidates.get(0);
        }
        for (String candidate : candidates) {
            ManifestTemplate manifest = session.manifest(candidate).getManifest();
            if (platform.accepts(platform(session, name, manifest))) {
                return candidate;
            }
        }
        throw lacks(name, platform, offered(list));
    }

    private static ImagePlatform platform(RegistrySession session, ImageName name, ManifestTemplate manifest)
            throws IOException, RegistryException {
        if (manifest instanceof BuildableManifestTemplate image && image.getContainerConfiguration() != null) {
            DescriptorDigest config = image.getContainerConfiguration().getDigest();
            if (config != null) {
                return ImageConfiguration.platform(session.text(config));
            }
        }
        throw new UnknownManifestFormatException(name.toString());
    }

    private static DeliveryException lacks(ImageName name, ImagePlatform platform, String offered) {
        return DeliveryException.of(Problem.BAD_INPUT, "the base image " + name + " is not made for " + platform)
                .where(name.registry())
                .why("it is made for " + offered)
                .hint("choose another base or correct 'platforms:' in the project file");
    }

    /** Returns what an index has, without what is no image: attestations are listed as {@code unknown/unknown}. */
    private static String offered(ManifestListTemplate list) {
        Stream<String> platforms = Stream.empty();
        if (list instanceof OciIndexTemplate oci) {
            platforms = oci.getManifests().stream()
                    .map(OciIndexTemplate.ManifestDescriptorTemplate::getPlatform)
                    .filter(platform -> platform != null)
                    .map(platform -> platform.getOs() + "/" + platform.getArchitecture());
        } else if (list instanceof V22ManifestListTemplate docker) {
            platforms = docker.getManifests().stream()
                    .map(V22ManifestListTemplate.ManifestDescriptorTemplate::getPlatform)
                    .filter(platform -> platform != null)
                    .map(platform -> platform.getOs() + "/" + platform.getArchitecture());
        }
        return platforms
                .filter(platform -> !platform.equals("unknown/unknown"))
                .distinct()
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), all -> all.isEmpty() ? "no platform" : all));
    }
}
