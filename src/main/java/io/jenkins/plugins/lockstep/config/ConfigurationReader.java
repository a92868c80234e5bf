package io.jenkins.plugins.lockstep.config;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Glob;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.config.Provenance.Origin;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads an environment's directories at a revision and lays them over each other, file by file; the later one wins.
 *
 * <ul>
 *   <li>Each file is a key. A file in a sub-directory is one too, its path written with dots: {@code tls/ca.pem} has the
 *       key {@code tls.ca.pem}. Nothing is left out but the files by which version control keeps itself in order
 *       ({@code .gitkeep}, {@code .gitignore} and the like).
 *   <li>In a directory that is loaded key by key, each value of a {@code .env} or {@code .properties} file is a key of
 *       its own, and a later layer replaces single values. Other files stay files.
 *   <li>A file takes the place of the file of the same path in an earlier layer, however each of them is loaded.
 *   <li>Two files may not give one key; a file may not look like a private key or a token unless the source lists it;
 *       everything together must fit into one ConfigMap.
 * </ul>
 *
 * <p>Stateless.
 */
public final class ConfigurationReader {

    /** Bytes of all values, as the API server counts. */
    private static final int MOST_BYTES = 1024 * 1024;

    /** Bytes of the stored object, names and the record of their owner included: what etcd takes. */
    private static final int MOST_OBJECT_BYTES = 1_500_000;

    private static final int OWNER_BYTES_PER_KEY = 32;

    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

    private static final Set<String> HOUSEKEEPING =
            Set.of(".gitkeep", ".keep", ".gitignore", ".gitattributes", ".hgkeep", ".hgignore");

    /**
     * Reads a configuration.
     *
     * @param sources lowest layer first
     * @param files the revision's files
     * @param projectDirectory the repository path of the project file's directory
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file, and line where there is one
     */
    public Configuration read(List<ConfigSource> sources, RevisionFiles files, String projectDirectory) {
        var layers = new Layers();
        for (ConfigSource source : sources) {
            String directory = RepositoryPath.resolve(projectDirectory, source.from())
                    .orElseThrow(() -> DeliveryException.of(
                                    Problem.BAD_INPUT, "the path '" + source.from() + "' leaves the repository")
                            .where(source.place()));
            List<TrackedFile> tracked = files.list(directory);
            if (tracked.isEmpty()) {
                throw missing(source, directory, files);
            }
            layers.add(source, directory, tracked, files);
        }
        return layers.combined();
    }

    private static DeliveryException missing(ConfigSource source, String directory, RevisionFiles files) {
        DeliveryException failure = DeliveryException.of(
                        Problem.BAD_INPUT, "the revision has no directory '" + directory + "'")
                .where(source.place());
        return files.file(directory).isPresent()
                ? failure.why("it is a file").hint("name the directory that holds it")
                : failure.hint("commit it: configuration is read from the commit, never from the work tree");
    }

    /** One value that was loaded by itself, the path of its file within the layer, and where it came from. */
    private record LayeredVariable(String value, String path, Provenance provenance) {

        String place() {
            return provenance.origin().place();
        }

        LayeredVariable over(Provenance earlier) {
            return new LayeredVariable(value, path, provenance.over(earlier));
        }
    }

    /** What has been read so far. */
    private static final class Layers {

        /** By path within the layers. */
        private final SortedMap<String, byte[]> files = new TreeMap<>();

        /** Of the files, by the same path. */
        private final SortedMap<String, Provenance> origins = new TreeMap<>();

        /** By name. */
        private final SortedMap<String, LayeredVariable> variables = new TreeMap<>();

        void add(ConfigSource source, String directory, List<TrackedFile> tracked, RevisionFiles revision) {
            List<Glob> allowed = source.allowSecrets().stream().map(Glob::new).toList();
            var ofThisLayer = new HashMap<String, LayeredVariable>();
            for (TrackedFile file : tracked) {
                String path = directory.isEmpty() ? file.path() : file.path().substring(directory.length() + 1);
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (HOUSEKEEPING.contains(name)) {
                    continue;
                }
                byte[] content = revision.read(file.path());
                if (allowed.stream().noneMatch(glob -> glob.matches(path))) {
                    refuseSecrets(file.path(), content);
                }
                if (source.expand() && VariableFile.isOne(path)) {
                    addVariables(path, file.path(), content, source, ofThisLayer);
                } else {
                    refuseBadKey(path, file.path());
                    addFile(path, content, Provenance.of(new Origin(file.path(), 0, source)));
                }
            }
            ofThisLayer.forEach((name, variable) ->
                    variables.merge(name, variable, (earlier, later) -> later.over(earlier.provenance())));
        }

        /** Puts a file in the place of its namesake of an earlier layer, however that one was loaded. */
        private void addFile(String path, byte[] content, Provenance own) {
            Provenance earlier = origins.get(path);
            Provenance provenance = earlier == null ? own : own.over(earlier);
            for (var each = variables.values().iterator(); each.hasNext(); ) {
                LayeredVariable variable = each.next();
                if (variable.path().equals(path)) {
                    provenance = provenance.over(variable.provenance());
                    each.remove();
                }
            }
            files.put(path, content);
            origins.put(path, provenance);
        }

        private void addVariables(
                String path,
                String file,
                byte[] content,
                ConfigSource source,
                Map<String, LayeredVariable> ofThisLayer) {
            files.remove(path);
            Provenance earlier = origins.remove(path);
            for (VariableFile.Variable read : VariableFile.read(file, content)) {
                var variable =
                        new LayeredVariable(read.value(), path, Provenance.of(new Origin(file, read.line(), source)));
                LayeredVariable other =
                        ofThisLayer.put(read.name(), earlier == null ? variable : variable.over(earlier));
                if (other != null) {
                    throw twice(read.name(), variable.place(), other.place());
                }
            }
        }

        Configuration combined() {
            var values = new TreeMap<String, String>();
            var provenance = new TreeMap<String, Provenance>();
            variables.forEach((name, variable) -> {
                values.put(name, variable.value());
                provenance.put(name, variable.provenance());
            });
            origins.forEach((path, origin) -> {
                Provenance other = provenance.put(Configuration.key(path), origin);
                if (other != null) {
                    throw twice(
                            Configuration.key(path),
                            origin.origin().place(),
                            other.origin().place());
                }
            });
            refuseTooMuch();
            return new Configuration(files, values, provenance);
        }

        private String file(String path) {
            Provenance origin = origins.get(path);
            return origin == null ? path : origin.origin().file();
        }

        private void refuseTooMuch() {
            var sizes = new HashMap<String, Long>();
            long names = 0;
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                sizes.merge(file(file.getKey()), (long) file.getValue().length, Long::sum);
                names += 2L * file.getKey().length() + OWNER_BYTES_PER_KEY;
            }
            for (Map.Entry<String, LayeredVariable> variable : variables.entrySet()) {
                String file = variable.getValue().provenance().origin().file();
                long size = variable.getValue().value().getBytes(StandardCharsets.UTF_8).length;
                sizes.merge(file, size, Long::sum);
                names += 2L * variable.getKey().length() + OWNER_BYTES_PER_KEY;
            }
            long total = sizes.values().stream().mapToLong(Long::longValue).sum();
            if (total <= MOST_BYTES && total + names <= MOST_OBJECT_BYTES) {
                return;
            }
            List<Map.Entry<String, Long>> largest = sizes.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                    .limit(3)
                    .toList();
            throw DeliveryException.of(
                            Problem.BAD_INPUT,
                            total <= MOST_BYTES
                                    ? "the configuration has " + (files.size() + variables.size())
                                            + " keys, which do not fit into one ConfigMap"
                                    : "the configuration has " + total + " bytes, a ConfigMap takes " + MOST_BYTES)
                    .where(largest.get(0).getKey())
                    .why("the largest: "
                            + largest.stream()
                                    .map(file -> file.getKey() + " (" + file.getValue() + " bytes)")
                                    .collect(Collectors.joining(", ")))
                    .hint("put large files into the image or a volume");
        }

        private static void refuseSecrets(String file, byte[] content) {
            SecretPattern.find(content).ifPresent(finding -> {
                throw DeliveryException.of(Problem.BAD_INPUT, "this looks like " + finding.name())
                        .where(file + ":" + finding.line())
                        .why("a ConfigMap hides nothing from anyone")
                        .hint("keep it in a Secret and refer to that by name; if it is no secret, list the file under"
                                + " `allowSecrets` of this configuration");
            });
        }

        private static void refuseBadKey(String path, String file) {
            String key = Configuration.key(path);
            if (!KEY.matcher(key).matches() || key.equals(".") || key.startsWith("..")) {
                throw DeliveryException.of(Problem.BAD_INPUT, "'" + key + "' can't be a key of a ConfigMap")
                        .where(file)
                        .hint("name the file with letters, digits, dashes, dots and underscores, at most 253");
            }
        }

        private static DeliveryException twice(String key, String place, String other) {
            return DeliveryException.of(Problem.BAD_INPUT, "the key '" + key + "' is given twice")
                    .where(place)
                    .why("it is also given by " + other)
                    .hint("rename or remove one of them");
        }
    }
}
