package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.OciIndexTemplate;
import com.google.cloud.tools.jib.image.json.V22ManifestListTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.ImageContents;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images in a container registry.
 *
 * <p>An image is looked up in two requests: the manifest and the image configuration, which has the labels (an index
 * takes one more). A registry that wants a login takes those of the login on top.
 */
public final class RegistryImageStore implements ImageStore {

    private final RegistryAccess access;
    private final JibFailures failures;

    public RegistryImageStore(RegistryAccess access) {
        this.access = access;
        this.failures = new JibFailures(access.cacheDirectory());
    }

    @Override
    public Optional<StoredImage> find(ImageReference reference) {
        ImageName image = ImageName.of(reference);
        var attempts = access.retries().begin(image.registry());
        while (true) {
            try {
                return Optional.of(ask(reference, image));
            } catch (IOException | RegistryException | UncheckedIOException e) {
                if (isUnknown(e)) {
                    return Optional.empty();
                }
                if (!attempts.again(e)) {
                    throw failures.of(e, image);
                }
            }
        }
    }

    private StoredImage ask(ImageReference reference, ImageName image) throws IOException, RegistryException {
        try (var session = new RegistrySession(image, access, Progress.NONE)) {
            ManifestAndDigest<?> found = session.manifest(image.qualifier());
            Map<String, String> labels = labels(session, found.getManifest());
            return new StoredImage(reference.withDigest(found.getDigest().toString()), labels);
        }
    }

    @Override
    public Set<ImageReference> missing(Collection<ImageReference> images) {
        var byRepository = new LinkedHashMap<String, Set<ImageReference>>();
        images.forEach(image -> byRepository
                .computeIfAbsent(image.repository(), unseen -> new LinkedHashSet<>())
                .add(image.withTag(null)));
        var missing = new LinkedHashSet<ImageReference>();
        for (Set<ImageReference> ofOne : byRepository.values()) {
            ImageName any = ImageName.of(ofOne.iterator().next());
            // One session for all of them: it logs in once.
            try (var session = new RegistrySession(any, access, Progress.NONE)) {
                for (ImageReference image : ofOne) {
                    if (!isThere(session, ImageName.of(image))) {
                        missing.add(image);
                    }
                }
            } catch (IOException | RegistryException | UncheckedIOException e) {
                throw failures.of(e, any);
            }
        }
        return images.stream()
                .filter(image -> missing.contains(image.withTag(null)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isThere(RegistrySession session, ImageName image) throws IOException, RegistryException {
        try {
            session.manifest(image.qualifier());
            return true;
        } catch (IOException | RegistryException e) {
            if (isUnknown(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public List<String> tags(ImageReference repository) {
        ImageName image = ImageName.of(repository.withTag(null).withDigest(null));
        try (var registry = new RegistryUpkeep(image, access)) {
            return registry.tags();
        } catch (IOException | UncheckedIOException e) {
            throw failures.of(e, image);
        }
    }

    @Override
    public void delete(StoredImage stored) {
        ImageName image = ImageName.of(stored.reference());
        try (var registry = new RegistryUpkeep(image, access)) {
            registry.delete(stored.digest());
        } catch (IOException | UncheckedIOException e) {
            throw failures.of(e, image);
        }
    }

    @Override
    public ImageContents contents(StoredImage image) {
        ImageName name = ImageName.of(image.reference());
        var session = new RegistrySession(name, access, Progress.NONE);
        return new BlobImageContents(new RegistryBlobs(session), image.digest(), e -> failures.of(e, name));
    }

    @Override
    public StoredImage push(ImageSpec spec, ImageReference reference, Progress progress) throws InterruptedException {
        ImageName target = ImageName.of(reference.withDigest(null));
        progress.step("building and pushing " + target);
        Map<ImagePlatform, ReadyBase> bases =
                new Bases(access).ready(spec.base(), ImagePlatform.parse(spec.platforms()), progress);
        try (var workspace = Workspace.in(access.cacheDirectory())) {
            String digest = IndexBuild.isNeeded(bases)
                    ? pushIndex(spec, bases, target, workspace, progress)
                    : pushOne(spec, bases, target, workspace, progress);
            progress.step("pushed " + target + "@" + digest);
            return new StoredImage(target.reference().withDigest(digest), ReadyBase.labels(spec, bases.values()));
        } catch (IOException e) {
            throw failures.of(e, target);
        }
    }

    private String pushOne(
            ImageSpec spec,
            Map<ImagePlatform, ReadyBase> bases,
            ImageName target,
            Workspace workspace,
            Progress progress)
            throws InterruptedException {
        Map.Entry<ImagePlatform, ReadyBase> only = bases.entrySet().iterator().next();
        var build = new JibBuild(spec, only.getKey(), only.getValue(), access, progress);
        try {
            return access.retries().run(failure -> registry(failure, target, only.getValue()), () -> build.pushTo(
                            target, Containerizer.to(build.withLogin(target)), workspace)
                    .getDigest()
                    .toString());
        } catch (IOException
                | RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | CacheCorruptedException
                | UncheckedIOException e) {
            throw failures.of(e, target, only.getValue().image());
        }
    }

    /** A push may ask the base's registry, too. */
    private String registry(Throwable failure, ImageName target, ReadyBase base) {
        String place = failures.of(failure, target, base.image()).where();
        return place == null ? target.registry() : place;
    }

    /** Builds all of it here before anything is pushed; only then is it known by what digests. */
    private String pushIndex(
            ImageSpec spec,
            Map<ImagePlatform, ReadyBase> bases,
            ImageName target,
            Workspace workspace,
            Progress progress)
            throws InterruptedException {
        var layout = new OciLayout(workspace.resolve("images"));
        IndexBuild.Built built;
        try {
            built = new IndexBuild(spec, bases, access, progress).writeTo(layout, target, workspace);
        } catch (IOException
                | RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | CacheCorruptedException
                | UncheckedIOException e) {
            throw failures.ofBuild(e, target, bases.values());
        }
        try {
            return access.retries().run(failure -> target.registry(), () -> {
                try (var push = new IndexPush(target, source(bases, target), access, progress)) {
                    push.push(built.index(), layout);
                    return built.digest();
                }
            });
        } catch (IOException
                | RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | CacheCorruptedException
                | UncheckedIOException e) {
            throw failures.of(e, target);
        }
    }

    /** Returns the base's repository where the target's registry has it, and can take its layers from there. */
    private static @Nullable String source(Map<ImagePlatform, ReadyBase> bases, ImageName target) {
        return bases.values().stream()
                .flatMap(base -> base.image().stream())
                .filter(image -> image.registry().equals(target.registry()))
                .map(ImageName::path)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> labels(RegistrySession session, ManifestTemplate manifest)
            throws IOException, RegistryException {
        if (manifest instanceof BuildableManifestTemplate image) {
            DescriptorDigest config = image.getContainerConfiguration() == null
                    ? null
                    : image.getContainerConfiguration().getDigest();
            return config == null ? Map.of() : ImageConfiguration.labels(session.text(config));
        }
        Optional<String> first = digests(manifest).findFirst();
        return first.isPresent() ? labels(session, session.manifest(first.get()).getManifest()) : Map.of();
    }

    private static Stream<String> digests(ManifestTemplate index) {
        if (index instanceof OciIndexTemplate oci) {
            return oci.getManifests().stream().map(manifest -> String.valueOf(manifest.getDigest()));
        }
        return index instanceof V22ManifestListTemplate docker
                ? docker.getManifests().stream().map(manifest -> String.valueOf(manifest.getDigest()))
                : Stream.empty();
    }

    /**
     * Tells whether a registry said that it has no such image.
     *
     * <p>It then answers with a list of errors. A 404 with anything else comes from what is no registry, or from a proxy
     * before one: taking that for "no image" would lead to a build that fails later and says less.
     */
    private static boolean isUnknown(Throwable failure) {
        return failure.getCause() instanceof ResponseException response
                && response.getStatusCode() == 404
                && response.getContent() != null
                && hasErrors(response.getContent());
    }

    private static boolean hasErrors(String content) {
        try {
            return Json.read(content) instanceof Map<?, ?> answer
                    && answer.get("errors") instanceof List<?> errors
                    && !errors.isEmpty();
        } catch (DeliveryException e) {
            return false;
        }
    }
}
