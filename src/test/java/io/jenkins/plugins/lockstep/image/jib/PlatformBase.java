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

    /**
     * Pushes to {@code REGISTRY/PATH:1} an index of an image of the same registry, which is for linux/amd64, and of the same
     * files said to be for linux/arm64/v8.
     */
    public static void pushBoth(String registry, String from, String tag, String path) throws Exception {
        String source = "http://" + registry + "/v2/" + from + "/";
        String root = "http://" + registry + "/v2/" + path + "/";
        byte[] manifest = get(source + "manifests/" + tag);
        Map<String, Object> tree = tree(manifest);
        for (Object layer : (List<?>) tree.get("layers")) {
            blob(root, get(source + "blobs/" + ((Map<?, ?>) layer).get("digest")));
        }
        Map<String, Object> config = tree(get(source + "blobs/" + ((Map<?, ?>) tree.get("config")).get("digest")));
        List<Object> manifests = new ArrayList<>();
        for (String platform : List.of("linux/amd64", "linux/arm64/v8")) {
            config.putAll(platform(platform));
            byte[] json = json(config);
            blob(root, json);
            String type = String.valueOf(tree.get("mediaType"));
            tree.put("config", descriptor(String.valueOf(((Map<?, ?>) tree.get("config")).get("mediaType")), json));
            put(root + "manifests/" + digest(json(tree)), type, json(tree));
            Map<String, Object> descriptor = descriptor(type, json(tree));
            descriptor.put("platform", platform(platform));
            manifests.add(descriptor);
        }
        String index = "application/vnd.oci.image.index.v1+json";
        put(root + "manifests/1", index, json(Map.of("schemaVersion", 2, "mediaType", index, "manifests", manifests)));
    }

    private static Map<String, Object> tree(byte[] json) {
        Map<String, Object> tree = new LinkedHashMap<>();
        ((Map<?, ?>) Json.read(new String(json, StandardCharsets.UTF_8)))
                .forEach((key, value) -> tree.put(String.valueOf(key), value));
        return tree;
    }

    private static byte[] get(String url) throws Exception {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header(
                                        "Accept",
                                        "application/vnd.oci.image.manifest.v1+json,"
                                                + " application/vnd.docker.distribution.manifest.v2+json")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("the registry answered " + answer.statusCode() + " to " + url);
        }
        return answer.body();
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
