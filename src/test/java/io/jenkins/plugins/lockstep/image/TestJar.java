package io.jenkins.plugins.lockstep.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes jars entry by entry, in any order, with any time and compression, as builds on different machines do. */
public final class TestJar {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private Instant time = Instant.parse("2026-01-02T03:04:06Z");
    private boolean reversed;
    private boolean stored;
    private boolean withDirectories;

    public TestJar with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestJar with(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Adds the manifest of a Spring Boot jar, with {@code more} lines. */
    public TestJar withBootManifest(String mainClass, String startClass, String... more) {
        return with(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nMain-Class: " + mainClass + "\nStart-Class: " + startClass + "\n"
                        + String.join(
                                "",
                                List.of(more).stream().map(line -> line + "\n").toList()) + "\n");
    }

    /** Makes everything differ that the contents do not decide. */
    public TestJar asFromAnotherMachine() {
        time = Instant.parse("2031-07-08T09:10:12Z");
        reversed = true;
        stored = true;
        withDirectories = true;
        return this;
    }

    public Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (OutputStream out = Files.newOutputStream(file);
                var zip = new ZipOutputStream(out)) {
            List<String> names = new ArrayList<>(entries.keySet());
            if (withDirectories) {
                put(zip, "BOOT-INF/", new byte[0]);
            }
            if (reversed) {
                Collections.reverse(names);
            }
            for (String name : names) {
                put(zip, name, entries.get(name));
            }
        }
        return file;
    }

    private void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.from(time));
        if (stored || name.endsWith(".jar")) {
            var checksum = new CRC32();
            checksum.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        new ByteArrayInputStream(content).transferTo(zip);
        zip.closeEntry();
    }
}
