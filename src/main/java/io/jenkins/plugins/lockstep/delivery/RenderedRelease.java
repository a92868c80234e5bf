package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;

/**
 * The matching triple of one revision for one environment.
 *
 * @param images pinned to their digests
 * @param configMaps names of the content-named ConfigMaps
 * @param objects everything that is applied, the ConfigMaps included
 */
record RenderedRelease(List<ReleasedImage> images, List<String> configMaps, List<RenderedObject> objects) {}
