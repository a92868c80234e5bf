package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.util.List;
import java.util.Map;

/** Where base images come from. Implementations are thread-safe. */
public interface BaseRegistry {

    /**
     * Asks what a reference means now.
     *
     * @param platforms each as {@code OS/ARCHITECTURE[/VARIANT]}
     * @return for each of the platforms, in their order, {@code sha256:…} of its manifest
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is no such image or it is not made for a platform,
     *     {@link Problem#REGISTRY_UNAVAILABLE} or {@link Problem#REGISTRY_UNAUTHORIZED} where the registry fails
     */
    Map<String, String> resolve(ImageReference base, List<String> platforms, Progress progress);
}
