package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A base image as other tools make it: one layer, configurations with variants, an index; pushed by plain requests. */
public final class PlatformBase {

    private PlatformBase() {}

    /**
     * Pushes to {@code REGISTRY/PATH:1}.
     *
     * @param name what the result calls it
     * @param content of the base's only file
     */
    public static StoredImage push(String registry, String path, List<String> platforms, String name, String content)
            throws Exception {
        String root = "http://" + registry + "/v2/" + path + "/";
        byte[] tar = tar("etc/base.txt", content);
        byte[] layer = gzip(tar);
        blob(root, layer);
        List<Object> manifests = new ArrayList<>();
        for (String platform : platforms) {
            byte[] config = json(config(platform, tar));
            blob(root, config);
            byte[] manifest = json(manifest(config, layer));
            put(root + "manifests/" + digest(manifest), "application/vnd.oci.image.manifest.v1+json", manifest);
            Map<String, Object> descriptor = descriptor("application/vnd.oci.image.manifest.v1+json", manifest);
            descriptor.put("platform", platform(platform));
            manifests.add(descriptor);
        }
        byte[] index = json(Map.of(
                "schemaVersion", 2, "mediaType", "application/vnd.oci.image.index.v1+json", "manifests", manifests));
        put(root + "manifests/1", "application/vnd.oci.image.index.v1+json", index);
        return new StoredImage(ImageReference.parse(name).withDigest(digest(index)), Map.of());
    }

    static Map<String, Object> config(String platform, byte[]... tars) {
        Map<String, Object> config = platform(platform);
        config.put("config", Map.of("Env", List.of("FROM_BASE=" + platform)));
        config.put(
                "rootfs",
                Map.of(
                        "type",
                        "layers",
                        "diff_ids",
                        List.of(tars).stream().map(PlatformBase::digest).toList()));
        return config;
    }

    static Map<String, Object> manifest(byte[] config, byte[]... layers) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", "application/vnd.oci.image.manifest.v1+json");
        manifest.put("config", descriptor("application/vnd.oci.image.config.v1+json", config));
        manifest.put(
                "layers",
                List.of(layers).stream()
                        .map(layer -> descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer))
                        .toList());
        return manifest;
    }

    static Map<String, Object> platform(String platform) {
        String[] parts = platform.split("/");
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("os", parts[0]);
        fields.put("architecture", parts[1]);
        if (parts.length > 2) {
            fields.put("variant", parts[2]);
        }
        return fields;
    }

    static Map<String, Object> descriptor(String mediaType, byte[] content) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", digest(content));
        descriptor.put("size", content.length);
        return descriptor;
    }

    static byte[] tar(String name, String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            byte[] text = content.getBytes(StandardCharsets.UTF_8);
            var entry = new TarArchiveEntry(name);
            entry.setModTime(0);
            entry.setSize(text.length);
            tar.putArchiveEntry(entry);
            tar.write(text);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    static String digest(byte[] content) {
        return "sha256:" + Sha256.hex(content);
    }

    static byte[] json(Object tree) {
        return Json.write(tree).getBytes(StandardCharsets.UTF_8);
    }

    private static void blob(String root, byte[] content) throws Exception {
        HttpResponse<Void> started = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(root + "blobs/uploads/"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        String location = started.headers().firstValue("Location").orElseThrow();
        URI upload = URI.create(root).resolve(location);
        put(
                upload + (location.contains("?") ? "&" : "?") + "digest=" + digest(content),
                "application/octet-stream",
                content);
    }

    private static void put(String url, String type, byte[] content) throws Exception {
        int status = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Content-Type", type)
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status != 201) {
            throw new IOException("the registry answered " + status + " to " + url);
        }
    }
}
