package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import io.jenkins.plugins.lockstep.common.ForwardingProgress;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The same specification for each of its platforms: a run of Jib each, and an index that names the results.
 *
 * <p>Of several platforms Jib itself makes nothing but Docker's lists of manifests, without variants.
 */
final class IndexBuild {

    private final ImageSpec spec;
    private final Map<ImagePlatform, ReadyBase> bases;
    private final RegistryAccess access;
    private final Progress progress;

    IndexBuild(ImageSpec spec, Map<ImagePlatform, ReadyBase> bases, RegistryAccess access, Progress progress) {
        this.spec = spec;
        this.bases = bases;
        this.access = access;
        this.progress = progress;
    }

    /**
     * What was built.
     *
     * @param digest of the index, or of the only manifest where no index is needed
     * @param mediaType of what {@code digest} names
     */
    record Built(OciIndex index, String digest, String mediaType) {}

    /** Tells whether only an index can say what this is made for: Jib's image configurations have no variant. */
    static boolean isNeeded(Map<ImagePlatform, ReadyBase> bases) {
        return bases.size() > 1 || bases.keySet().stream().anyMatch(platform -> platform.variant() != null);
    }

    /** Puts every blob, the index included where one is needed, into a layout; tags nothing. */
    Built writeTo(OciLayout layout, ImageName target, Workspace workspace)
            throws InterruptedException, IOException, RegistryException, ExecutionException,
                    CacheDirectoryCreationException, CacheCorruptedException {
        var index = new OciIndex();
        int done = 0;
        for (Map.Entry<ImagePlatform, ReadyBase> platform : bases.entrySet()) {
            progress.detail("building for " + platform.getKey());
            var part = new Part(progress, done++, bases.size());
            var build = new JibBuild(spec, platform.getKey(), platform.getValue(), access, part);
            Path tar = workspace.resolve("image.tar");
            String digest = access.retries().run(failure -> build.baseRegistry(), () -> build.writeTo(
                            Containerizer.to(TarImage.at(tar).named(target.jib())), workspace)
                    .getDigest()
                    .toString());
            layout.addBlobs(tar);
            Files.delete(tar);
            index.add(platform.getKey(), digest, layout.size(digest));
        }
        if (!isNeeded(bases)) {
            return new Built(index, index.digests().get(0), OciManifestTemplate.MANIFEST_MEDIA_TYPE);
        }
        layout.add(index.json());
        return new Built(index, index.digest(), OciIndex.MEDIA_TYPE);
    }

    /** The progress of one of several builds in a row. */
    private static final class Part extends ForwardingProgress {

        private final int before;
        private final int parts;

        Part(Progress whole, int before, int parts) {
            super(whole);
            this.before = before;
            this.parts = parts;
        }

        @Override
        public void advance(String task, double fraction) {
            super.advance(task, (before + fraction) / parts);
        }
    }
}
