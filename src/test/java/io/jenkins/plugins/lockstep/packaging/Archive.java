package io.jenkins.plugins.lockstep.packaging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** An archive that the build has made, read whole. */
record Archive(Map<String, byte[]> entries) {

    static Archive read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    private static Archive read(InputStream in) throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        var zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return new Archive(entries);
    }

    /** Reads an archive inside this one. */
    Archive inner(String name) throws IOException {
        return read(new ByteArrayInputStream(entries.get(name)));
    }

    Attributes manifest() throws IOException {
        return new Manifest(new ByteArrayInputStream(entries.get("META-INF/MANIFEST.MF"))).getMainAttributes();
    }
}
