package io.jenkins.plugins.lockstep.jenkins.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Classes that operations were seen to need on agents. Their lists are written by {@code FirstBuildIT}, see
 * {@code docs/performance.md}; what a list lacks costs time and nothing else.
 */
enum AgentClasses {

    /** To build images and to render bundles: nothing of any client of Kubernetes. */
    IMAGES,

    /** What is needed besides where the agent connects to the cluster. */
    CLUSTERS;

    /** Returns the entries of the classes and of the other files, {@code org/example/A.class}. */
    List<String> entries() throws IOException {
        String list = "agent-" + name().toLowerCase(Locale.ROOT) + ".txt";
        InputStream stream = AgentClasses.class.getResourceAsStream(list);
        if (stream == null) {
            throw new IOException("this plugin lacks " + list);
        }
        try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    /**
     * Writes them into a jar, in place of one that may be there.
     *
     * @param plugin what has them; what only its parents have is left out, for it is another class on the agent too
     * @return the jar
     */
    Path writeTo(Path directory, ClassLoader plugin) throws IOException {
        Files.createDirectories(directory);
        Path jar = directory.resolve(name().toLowerCase(Locale.ROOT) + ".jar");
        Path part = Files.createTempFile(directory, "new", ".jar");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                write(out, plugin);
            }
            Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return jar;
    }

    private void write(OutputStream out, ClassLoader plugin) throws IOException {
        try (var zip = new ZipOutputStream(out)) {
            for (String entry : entries()) {
                URL url = plugin instanceof URLClassLoader own ? own.findResource(entry) : null;
                if (url != null) {
                    zip.putNextEntry(new ZipEntry(entry));
                    try (InputStream in = url.openStream()) {
                        in.transferTo(zip);
                    }
                }
            }
        }
    }
}
