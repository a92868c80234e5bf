package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index: one manifest for each platform (OCI image specification, image index).
 *
 * <p>Jib has a template of its own, which knows no variants. Fields are what is written, in this order.
 */
final class OciIndex implements ManifestTemplate {

    static final String MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";

    private final int schemaVersion = 2;
    private final String mediaType = MEDIA_TYPE;
    private final List<Descriptor> manifests = new ArrayList<>();

    void add(ImagePlatform platform, String digest, long size) {
        manifests.add(new Descriptor(
                digest, size, new PlatformFields(platform.architecture(), platform.os(), platform.variant())));
    }

    /** Returns the digests of the manifests, in their order. */
    List<String> digests() {
        return manifests.stream().map(descriptor -> descriptor.digest).toList();
    }

    byte[] json() throws IOException {
        return JsonTemplateMapper.toByteArray(this);
    }

    /** Returns {@code sha256:…} of the index itself. */
    String digest() throws IOException {
        return "sha256:" + Sha256.hex(json());
    }

    @Override
    public int getSchemaVersion() {
        return schemaVersion;
    }

    @Override
    public String getManifestMediaType() {
        return mediaType;
    }

    @SuppressWarnings("UnusedVariable") // written by reflection
    private static final class Descriptor implements JsonTemplate {

        private final String mediaType = OciManifestTemplate.MANIFEST_MEDIA_TYPE;
        private final String digest;
        private final long size;
        private final PlatformFields platform;

        Descriptor(String digest, long size, PlatformFields platform) {
            this.digest = digest;
            this.size = size;
            this.platform = platform;
        }
    }

    @SuppressWarnings("UnusedVariable") // written by reflection
    private static final class PlatformFields implements JsonTemplate {

        private final String architecture;
        private final String os;
        private final @Nullable String variant;

        PlatformFields(String architecture, String os, @Nullable String variant) {
            this.architecture = architecture;
            this.os = os;
            this.variant = variant;
        }
    }
}
