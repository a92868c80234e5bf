package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageContents;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Images in a directory: an OCI image layout that holds any number of repositories and tags.
 *
 * <p>It gives an image the digest that a registry gives it, and tools that read layouts ({@code skopeo copy oci:…}) take
 * it from there. Several processes may use one directory at a time. On {@link Base.Scratch} it needs no network.
 */
public final class OciLayoutImageStore implements ImageStore {

    private final OciLayout layout;
    private final Path directory;
    private final RegistryAccess access;
    private final JibFailures failures;

    /**
     * Creates the store; the directory is made by the first push.
     *
     * @param access how base images are fetched
     */
    public OciLayoutImageStore(Path directory, RegistryAccess access) {
        this.layout = new OciLayout(directory);
        this.directory = directory;
        this.access = access;
        this.failures = new JibFailures(access.cacheDirectory());
    }

    @Override
    public Optional<StoredImage> find(ImageReference reference) {
        try {
            Optional<String> digest = layout.digest(reference);
            if (digest.isEmpty()) {
                return Optional.empty();
            }
            return layout.configuration(digest.get())
                    .map(json -> new StoredImage(reference.withDigest(digest.get()), ImageConfiguration.labels(json)));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    @Override
    public Set<ImageReference> missing(Collection<ImageReference> images) {
        return images.stream().filter(image -> find(image).isEmpty()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<String> tags(ImageReference repository) {
        try {
            return layout.tags(repository.repository());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    @Override
    public void delete(StoredImage image) {
        try {
            layout.untag(image.reference().repository(), image.digest());
        } catch (IOException e) {
            throw unusable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted before " + image.reference() + " was deleted")
                    .where(directory.toString())
                    .causedBy(e);
        }
    }

    @Override
    public ImageContents contents(StoredImage image) {
        return new BlobImageContents(layout.blobs(), image.digest(), this::unusable);
    }

    @Override
    public StoredImage push(ImageSpec spec, ImageReference reference, Progress progress) throws InterruptedException {
        ImageName target = ImageName.of(reference.withDigest(null));
        progress.step("building " + target);
        Map<ImagePlatform, ReadyBase> bases =
                new Bases(access).ready(spec.base(), ImagePlatform.parse(spec.platforms()), progress);
        makeDirectory();
        try (var workspace = Workspace.in(access.cacheDirectory())) {
            var build = new IndexBuild(spec, bases, access, progress);
            IndexBuild.Built built = build.writeTo(layout, target, workspace);
            layout.tag(target.reference(), built.digest(), built.mediaType());
            progress.step("stored " + target + "@" + built.digest() + " in " + directory);
            return new StoredImage(
                    target.reference().withDigest(built.digest()), ReadyBase.labels(spec, bases.values()));
        } catch (IOException
                | RegistryException
                | ExecutionException
                | CacheDirectoryCreationException
                | CacheCorruptedException e) {
            throw failures.ofBuild(e, target, bases.values());
        }
    }

    private void makeDirectory() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private DeliveryException unusable(Exception failure) {
        return DeliveryException.of(Problem.BAD_INPUT, "the image directory can't be used")
                .where(directory.toString())
                .why(reason(failure))
                .hint("see that it is an OCI image layout or empty, and that you may write to it")
                .causedBy(failure);
    }

    /** The message of many failures of a file system is the path alone. */
    private static String reason(Exception failure) {
        if (failure instanceof AccessDeniedException denied) {
            return "permission denied: " + denied.getFile();
        }
        if (failure instanceof FileAlreadyExistsException taken) {
            return taken.getFile() + " is a file";
        }
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " can't be made";
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
