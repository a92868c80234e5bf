package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.project.BaseLock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a commit says itself which base images it is built on: by digests in the project file, or by the lock
 * file that was committed with it.
 */
final class LockedBases {

    private final OpenProject project;
    private final Progress progress;
    private boolean warned;
    private @Nullable BaseLock lock;

    LockedBases(OpenProject project, Progress progress) {
        this.project = project;
        this.progress = progress;
    }

    /**
     * Returns the specification with what the commit's lock file says.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is a lock file, but it says nothing of the base
     */
    ImageSpec locked(ImageSpec spec, ImageDefinition image) {
        if (!(spec.base() instanceof Base.Named base) || !base.mayMove()) {
            return spec;
        }
        if (lock == null) {
            lock = project.baseLock().orElse(null);
        }
        if (lock == null) {
            warn(image.base());
            return spec;
        }
        Map<String, String> digests = new LinkedHashMap<>();
        for (String platform : spec.platforms()) {
            digests.put(platform, lock.find(image.base(), platform).orElseThrow(() -> missing(image.base(), platform)));
        }
        return spec.withBase(new Base.Named(base.reference(), digests));
    }

    /** Once, however many images there are. */
    private void warn(String base) {
        if (!warned) {
            progress.warn("commit " + project.revision().shortId() + " has no "
                    + BaseLock.file(project.project().file()) + ": the base " + base
                    + " may be another image tomorrow; run 'lockstep lock' and commit the file");
        }
        warned = true;
    }

    private DeliveryException missing(String base, String platform) {
        return DeliveryException.of(
                        Problem.BAD_INPUT, "the lock file does not say what " + base + " is for " + platform)
                .where(BaseLock.file(project.project().file()) + " of commit "
                        + project.revision().shortId())
                .hint("run 'lockstep lock' and commit the file");
    }
}
