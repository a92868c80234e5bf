package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
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
import org.jspecify.annotations.Nullable;

/**
 * Images in a container registry.
 *
 * <p>An image is looked up in two requests: the manifest and the image configuration, which has the labels (an index takes
 * one more); in one where this machine has seen it before, since only what a tag stands for can change. A registry that
 * wants a login takes those of the login on top. How few requests a push takes is told by {@link ImagePush}.
 */
public final class RegistryImageStore implements ImageStore {

    private final RegistryAccess access;
    private final JibFailures failures;
    private final FoundDocuments found;

    public RegistryImageStore(RegistryAccess access) {
        this.access = access;
        this.failures = new JibFailures(access.cacheDirectory());
        this.found = new FoundDocuments(access.cacheDirectory());
    }

    @Override
    public Optional<StoredImage> recent(ImageReference reference) {
        return access.recent().get(reference);
    }

    @Override
    public Optional<StoredImage> find(ImageReference reference) {
        Optional<StoredImage> found = lookUp(reference);
        found.ifPresentOrElse(image -> access.recent().put(reference, image), () -> access.recent()
                .forget(reference));
        return found;
    }

    private Optional<StoredImage> lookUp(ImageReference reference) {
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
            RegistrySession.Document document = session.document(image.qualifier());
            return new StoredImage(reference.withDigest(document.digest()), labels(session, document.json()));
        }
    }

    @Override
    public Set<ImageReference> missing(Collection<ImageReference> images) {
        var byRepository = new LinkedHashMap<String, Set<ImageReference>>();
        images.forEach(image -> byRepository
                .computeIfAbsent(image.repository(), unseen -> new LinkedHashSet<>())
                .add(image.withTag(null)));
        var missing = new LinkedHashSet<ImageReference>();
        byRepository.values().forEach(ofOne -> missing.addAll(missing(ofOne)));
        return images.stream()
                .filter(image -> missing.contains(image.withTag(null)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Asks in one session, which logs in once; what was answered is not asked again after a passing fault. */
    private Set<ImageReference> missing(Set<ImageReference> ofOneRepository) {
        ImageName any = ImageName.of(ofOneRepository.iterator().next());
        var unasked = new LinkedHashSet<>(ofOneRepository);
        var missing = new LinkedHashSet<ImageReference>();
        var attempts = access.retries().begin(any.registry());
        while (true) {
            try (var session = new RegistrySession(any, access, Progress.NONE)) {
                for (ImageReference image : List.copyOf(unasked)) {
                    if (!isThere(session, ImageName.of(image))) {
                        missing.add(image);
                    }
                    unasked.remove(image);
                }
                return missing;
            } catch (IOException | RegistryException | UncheckedIOException e) {
                if (!attempts.again(e)) {
                    throw failures.of(e, any);
                }
            }
        }
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
        return upkeep(image, RegistryUpkeep::tags);
    }

    @Override
    public void delete(StoredImage stored) {
        ImageName image = ImageName.of(stored.reference());
        access.recent().forget(stored);
        upkeep(image, registry -> {
            registry.delete(stored.digest());
            return stored;
        });
    }

    /** Does what may be done twice, again where that may help. */
    private <T> T upkeep(ImageName image, Upkeep<T> work) {
        var attempts = access.retries().begin(image.registry());
        while (true) {
            try (var registry = new RegistryUpkeep(image, access)) {
                return work.on(registry);
            } catch (IOException | UncheckedIOException e) {
                if (!attempts.again(e)) {
                    throw failures.of(e, image);
                }
            }
        }
    }

    private interface Upkeep<T> {
        T on(RegistryUpkeep registry) throws IOException;
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
            var stored = new StoredImage(target.reference().withDigest(digest), ReadyBase.labels(spec, bases.values()));
            access.recent().put(target.reference(), stored);
            return stored;
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
        ReadyBase base = only.getValue();
        var image = new ImagePush(spec, only.getKey(), base, target, workspace, access, progress);
        try {
            return access.retries()
                    .run(failure -> registry(failure, target, base), () -> image.push(source(bases, target)));
        } catch (IOException
                | RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | CacheCorruptedException
                | UncheckedIOException e) {
            throw failures.of(e, target, base.image());
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

    private Map<String, String> labels(RegistrySession session, String document) throws IOException, RegistryException {
        Object manifest = json(document);
        String config = Tree.text(manifest, "config", "digest");
        if (!config.isEmpty()) {
            return ImageConfiguration.labels(known(config, () -> session.text(RegistryBlobs.parsed(config))));
        }
        List<?> manifests = Tree.list(manifest, "manifests");
        String first = manifests.isEmpty() ? "" : Tree.text(manifests.get(0), "digest");
        return first.isEmpty()
                ? Map.of()
                : labels(session, known(first, () -> session.document(first).json()));
    }

    private String known(String digest, Question question) throws IOException, RegistryException {
        Optional<String> known = found.get(digest);
        if (known.isPresent()) {
            return known.get();
        }
        String answer = question.ask();
        found.put(digest, answer);
        return answer;
    }

    private interface Question {
        String ask() throws IOException, RegistryException;
    }

    /**
     * Tells whether a registry said that it has no such image.
     *
     * <p>It then answers with a list of errors. A 404 with anything else comes from what is no registry, or from a proxy
     * before one: taking that for "no image" would lead to a build that fails later and says less.
     */
    private static boolean isUnknown(Throwable failure) {
        return JibFailures.answer(failure)
                .filter(answer -> answer.getStatusCode() == 404 && answer.getContent() != null)
                .filter(answer ->
                        !Tree.list(json(answer.getContent()), "errors").isEmpty())
                .isPresent();
    }

    private static @Nullable Object json(String content) {
        try {
            return Json.read(content);
        } catch (DeliveryException e) {
            return null;
        }
    }
}
