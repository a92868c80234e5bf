package io.jenkins.plugins.lockstep.agent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What the packaged plugin brings: its jars' names, and the entries in all of them. */
record Packaged(Set<String> jars, Set<String> entries) {

    private static final Pattern LOADED = Pattern.compile("(?:\\[[^]]*])+ (\\S+) source: .*");

    static Packaged read(Path hpi) throws IOException {
        var jars = new TreeSet<String>();
        var entries = new TreeSet<String>();
        try (var zip = new ZipInputStream(Files.newInputStream(hpi))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().matches("WEB-INF/lib/.+\\.jar")) {
                    jars.add(entry.getName().substring("WEB-INF/lib/".length()));
                    try (var jar = new ZipInputStream(new ByteArrayInputStream(zip.readAllBytes()))) {
                        for (ZipEntry each = jar.getNextEntry(); each != null; each = jar.getNextEntry()) {
                            entries.add(each.getName());
                        }
                    }
                }
            }
        }
        return new Packaged(jars, entries);
    }

    /** Returns the entries of this plugin that were asked for, one by one. */
    List<String> asked(Traffic.Count count) {
        var asked = new ArrayList<String>();
        for (String question : count.names()) {
            String name = question.substring(question.indexOf(' ') + 1);
            String entry = question.startsWith("fetch") ? name.replace('.', '/') + ".class" : name;
            if (entries.contains(entry)) {
                asked.add(entry);
            }
        }
        return asked;
    }

    /** Returns the entries of this plugin's classes that a JVM has loaded, by its log of {@code class+load}. */
    Set<String> loaded(Path log) throws IOException {
        var loaded = new TreeSet<String>();
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = LOADED.matcher(line);
            if (matcher.matches()) {
                String entry = matcher.group(1).replace('.', '/') + ".class";
                if (entries.contains(entry)) {
                    loaded.add(entry);
                }
            }
        }
        return loaded;
    }

    /**
     * Returns what only a race or a failure loads besides: the other classes of each package of this plugin of which most are
     * among these, and those of the client of Kubernetes itself. One class that is asked for brings its whole jar after it.
     */
    Set<String> besides(Set<String> classes) {
        Map<String, Set<String>> packages = entries.stream()
                .filter(entry -> entry.endsWith(".class") && !entry.endsWith("/package-info.class"))
                .collect(Collectors.groupingBy(Packaged::directory, Collectors.toSet()));
        var besides = new TreeSet<String>();
        packages.forEach((directory, all) -> {
            long needed = all.stream().filter(classes::contains).count();
            if (directory.equals("io/kubernetes/client/openapi/") && needed > 0
                    || directory.startsWith("io/jenkins/plugins/lockstep/") && 2 * needed > all.size()) {
                besides.addAll(all);
            }
        });
        return besides;
    }

    private static String directory(String entry) {
        return entry.substring(0, entry.lastIndexOf('/') + 1);
    }
}
