package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries are those of an application with Spring Boot's starters for the web, data, security and a few more. */
class LibrarySplitTest {

    private static final long MEGABYTE = 1024 * 1024;

    @TempDir
    private static Path directory;

    @Test
    void anotherVersionOfALibraryChangesATenthAtMost() throws IOException {
        Map<String, Long> libraries = application();
        long all = sum(libraries.values());
        List<Long> sent = new ArrayList<>();
        for (String name : libraries.keySet()) {
            Map<String, Long> after = new LinkedHashMap<>(libraries);
            long size = after.remove(name) * 101 / 100;
            after.put(name.replaceFirst("-([0-9])", "-9$1"), size);

            long changed = changed(libraries, after).stream()
                    .mapToLong(LibrarySplitTest::bytes)
                    .sum();

            assertThat(changed).as(name).isLessThanOrEqualTo(Math.max(all / 10, size));
            sent.add(changed);
        }
        Collections.sort(sent);
        assertThat(sent).hasSize(81);
        assertThat(sent.get(40)).isLessThan(all / 16);
    }

    @Test
    void aLibraryMoreOrLessChangesItsOwnLayerAndItsNeighboursAtMost() throws IOException {
        Map<String, Long> libraries = application();
        for (String name : libraries.keySet()) {
            Map<String, Long> without = new LinkedHashMap<>(libraries);
            without.remove(name);

            assertThat(changed(libraries, without)).as("without %s", name).hasSizeLessThanOrEqualTo(3);
            assertThat(changed(without, libraries)).as("with %s", name).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void layersAreFewAndNoneButALargeLibraryIsLarge() throws IOException {
        List<ImageLayer> layers = split(application());

        assertThat(layers).hasSizeBetween(10, 20);
        assertThat(layers)
                .filteredOn(layer -> layer.entries().size() > 1)
                .allSatisfy(layer -> assertThat(bytes(files(layer))).isLessThanOrEqualTo(5 * MEGABYTE));
        assertThat(layers.stream().map(ImageLayer::name))
                .doesNotHaveDuplicates()
                .contains("dependencies: hibernate-core", "dependencies: HdrHistogram to aspectjweaver");
        assertThat(layers.stream().flatMap(layer -> layer.entries().stream())).hasSize(81);
    }

    @Test
    void theOrderInWhichLibrariesComeDoesNotMatter() throws IOException {
        List<ImageLayer.Entry> entries = new ArrayList<>(entries(application()));
        List<ImageLayer> layers = LibrarySplit.split("dependencies", entries, "from");

        Collections.shuffle(entries, new Random(1));

        assertThat(LibrarySplit.split("dependencies", entries, "from")).isEqualTo(layers);
    }

    @Test
    void fewSmallLibrariesAreOneLayer() throws IOException {
        List<ImageLayer> layers = split(Map.of("b-2.0.jar", 3_000L, "a-1.0.jar", 20_000L));

        assertThat(layers).singleElement().satisfies(layer -> {
            assertThat(layer.name()).isEqualTo("dependencies");
            assertThat(layer.entries().stream().map(ImageLayer.Entry::target))
                    .containsExactly("/app/lib/a-1.0.jar", "/app/lib/b-2.0.jar");
        });
        assertThat(split(Map.of())).isEmpty();
    }

    @Test
    void manyLibrariesStayFarFromWhatANodeCanStack() throws IOException {
        var random = new Random(7);
        for (int megabytes : List.of(200, 3_000)) {
            Map<String, Long> libraries = IntStream.range(0, 1_000)
                    .boxed()
                    .collect(Collectors.toMap(
                            i -> "library" + i + "-1." + i + ".jar",
                            i -> random.nextLong(2 * megabytes * MEGABYTE / 1_000)));

            assertThat(split(libraries)).as("%s MB", megabytes).hasSizeBetween(12, 48);
        }
    }

    /** Returns the layers of {@code after} that {@code before} has not, as sizes by path. */
    private static Set<Map<String, Long>> changed(Map<String, Long> before, Map<String, Long> after)
            throws IOException {
        Set<Map<String, Long>> changed =
                split(after).stream().map(LibrarySplitTest::files).collect(Collectors.toCollection(HashSet::new));
        split(before).forEach(layer -> changed.remove(files(layer)));
        return changed;
    }

    private static Map<String, Long> files(ImageLayer layer) {
        return layer.entries().stream()
                .collect(Collectors.toMap(
                        ImageLayer.Entry::target,
                        entry -> entry.source().toFile().length(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static long bytes(Map<String, Long> files) {
        return sum(files.values());
    }

    private static long sum(Iterable<Long> sizes) {
        long sum = 0;
        for (long size : sizes) {
            sum += size;
        }
        return sum;
    }

    private static List<ImageLayer> split(Map<String, Long> libraries) throws IOException {
        return LibrarySplit.split("dependencies", entries(libraries), "from");
    }

    private static List<ImageLayer.Entry> entries(Map<String, Long> libraries) throws IOException {
        List<ImageLayer.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Long> library : libraries.entrySet()) {
            Path file = directory.resolve(String.valueOf(library.getValue()));
            if (!Files.exists(file)) {
                try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(library.getValue());
                }
            }
            entries.add(new ImageLayer.Entry(file, "/app/lib/" + library.getKey(), 0644));
        }
        return entries;
    }

    /** Names and sizes. */
    private static Map<String, Long> application() throws IOException {
        Map<String, Long> libraries = new LinkedHashMap<>();
        try (var list = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(LibrarySplitTest.class.getResourceAsStream("spring-boot-application.txt")),
                StandardCharsets.UTF_8))) {
            for (String line = list.readLine(); line != null; line = list.readLine()) {
                String[] words = line.split(" ");
                libraries.put(words[0], Long.parseLong(words[1]));
            }
        }
        return libraries;
    }
}
