package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.manifest.ContainerImages;
import io.jenkins.plugins.lockstep.manifest.ContainerImages.ContainerImage;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Kubernetes manifests that a repository has: finished ones, a kustomization, or a Helm chart. */
final class ExistingManifests {

    /** Where generated manifests go; the build makes the directory. */
    static final String GENERATED = "target/k8s";

    private static final int DEEPEST = 6;
    private static final Pattern KUSTOMIZATION = Pattern.compile("(.*/)?([Kk]ustomization|kustomization\\.ya?ml)");
    private static final Pattern OBJECT = Pattern.compile("(?m)^(apiVersion:|\\s*\"apiVersion\")");

    /**
     * What was found.
     *
     * @param from for {@code manifests:}, null where there are none
     * @param generated whether a tool has to render them first
     * @param what for the comment behind it
     * @param render the command that renders them, null where they are finished
     * @param containers the containers of workloads, in the order of files; none where they are rendered first
     * @param notes what else was seen
     */
    record Found(
            @Nullable String from,
            boolean generated,
            String what,
            @Nullable String render,
            List<ContainerImage> containers,
            List<String> notes) {

        static final Found NOTHING = new Found(null, false, "", null, List.of(), List.of());
    }

    private final SourceTree tree;
    private final List<String> environments;

    ExistingManifests(SourceTree tree, List<String> environments) {
        this.tree = tree;
        this.environments = environments;
    }

    Found find(String app) {
        List<String> files = tree.files("", DEEPEST).stream()
                .filter(file -> !file.contains("src/test/") && !file.startsWith("test"))
                .toList();
        Set<String> charts = directories(files, file -> file.endsWith("/Chart.yaml") || file.equals("Chart.yaml"));
        Set<String> kustomizations =
                directories(files, file -> KUSTOMIZATION.matcher(file).matches());
        Optional<Found> plain = plain(files, charts, kustomizations);
        if (plain.isPresent()) {
            return plain.get();
        }
        if (!kustomizations.isEmpty()) {
            return kustomize(app, kustomizations);
        }
        return charts.isEmpty() ? Found.NOTHING : helm(app, charts);
    }

    private static Set<String> directories(List<String> files, java.util.function.Predicate<String> marker) {
        var directories =
                new TreeSet<String>(Comparator.comparingInt(String::length).thenComparing(word -> word));
        files.stream().filter(marker).map(RepositoryPath::parent).forEach(directories::add);
        return directories;
    }

    private Found helm(String app, Set<String> charts) {
        String chart = charts.stream()
                .filter(place -> place.endsWith("/" + app))
                .findFirst()
                .orElseGet(() -> charts.iterator().next());
        String values = environments.stream()
                .map(environment -> within(chart, "values-" + environment + ".yaml"))
                .filter(tree::isFile)
                .findFirst()
                .map(file -> " -f " + file)
                .orElse("");
        return generated("rendered from the Helm chart", "helm template " + app + " " + shown(chart) + values, app);
    }

    private Found kustomize(String app, Set<String> kustomizations) {
        String place = environments.stream()
                .flatMap(environment ->
                        kustomizations.stream().filter(candidate -> candidate.endsWith("/" + environment)))
                .findFirst()
                .or(() -> kustomizations.stream()
                        .filter(candidate -> candidate.contains("overlays/"))
                        .findFirst())
                .orElseGet(() -> kustomizations.iterator().next());
        return generated("rendered from the kustomization", "kubectl kustomize " + shown(place), app);
    }

    private static Found generated(String what, String command, String app) {
        return new Found(
                GENERATED,
                true,
                what,
                "mkdir -p " + GENERATED + " && " + command + " > " + GENERATED + "/" + app + ".yaml",
                List.of(),
                List.of(
                        "Let the rendered containers name the repository above, whatever the tag (for Helm a value), or"
                                + " `lockstep` (for kustomize `newName: lockstep` under `images:`).",
                        "Render into " + GENERATED + " before each release, and leave that directory out of commits."));
    }

    /** Looks for the highest directory below which every YAML or JSON file is a manifest, with a workload among them. */
    private Optional<Found> plain(List<String> files, Set<String> charts, Set<String> kustomizations) {
        var places = new TreeMap<String, List<String>>(
                Comparator.comparingLong(ExistingManifests::depth).thenComparing(word -> word));
        for (String file : files) {
            boolean ofTool = concerns(file, charts) || concerns(file, kustomizations);
            if (file.matches(".*\\.(ya?ml|json)")
                    && !ofTool
                    && OBJECT.matcher(tree.text(file).orElse("")).find()
                    && RepositoryPath.parent(file).isEmpty()) {
                places.computeIfAbsent(file, unseen -> new ArrayList<>()).add(file);
            }
            for (String place = RepositoryPath.parent(file);
                    !ofTool && !place.isEmpty();
                    place = RepositoryPath.parent(place)) {
                if (file.matches(".*\\.(ya?ml|json)")) {
                    places.computeIfAbsent(place, unseen -> new ArrayList<>()).add(file);
                }
            }
        }
        var mistakes = new ArrayList<String>();
        var good = new ArrayList<Found>();
        places.forEach((place, below) -> {
            boolean manifests = below.stream()
                    .anyMatch(file -> OBJECT.matcher(tree.text(file).orElse("")).find());
            boolean taken = good.stream().anyMatch(found -> place.startsWith(found.from() + "/"));
            if (manifests && !taken) {
                read(place, mistakes).ifPresent(good::add);
            }
        });
        if (good.isEmpty()) {
            return Optional.empty();
        }
        Found chosen = good.stream()
                .filter(found -> environments.stream()
                        .anyMatch(environment -> String.valueOf(found.from()).endsWith("/" + environment)))
                .findFirst()
                .orElse(good.get(0));
        var notes = new ArrayList<String>();
        if (good.size() > 1) {
            notes.add("There are manifests in several places ("
                    + String.join(
                            ", ",
                            good.stream()
                                    .map(found -> String.valueOf(found.from()))
                                    .toList())
                    + "): `manifests` names one, and one place serves all environments.");
        }
        return Optional.of(new Found(chosen.from(), false, chosen.what(), null, chosen.containers(), notes));
    }

    private Optional<Found> read(String place, List<String> mistakes) {
        List<Manifest> manifests;
        try {
            manifests = new ManifestReader().readGenerated(tree.directory().resolve(place), place);
        } catch (DeliveryException e) {
            mistakes.add(e.getMessage());
            return Optional.empty();
        }
        var identities = new HashSet<String>();
        var containers = new ArrayList<ContainerImage>();
        for (Manifest manifest : manifests) {
            boolean foreign = manifest.apiVersion().startsWith("lockstep/")
                    || manifest.kind().equals("Kustomization");
            if (foreign || !identities.add(manifest.kind() + "/" + manifest.namespace() + "/" + manifest.name())) {
                return Optional.empty(); // no directory of one environment's objects
            }
            containers.addAll(ContainerImages.of(manifest));
        }
        return containers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Found(place, false, "your Kubernetes manifests", null, containers, List.of()));
    }

    /** Tells whether a file is a chart's or a kustomization's, or lies beside one. */
    private static boolean concerns(String file, Set<String> directories) {
        return directories.stream()
                .anyMatch(directory -> directory.isEmpty()
                        || file.startsWith(directory + "/")
                        || RepositoryPath.parent(directory).startsWith(RepositoryPath.parent(file) + "/"));
    }

    private static long depth(String path) {
        return path.chars().filter(letter -> letter == '/').count();
    }

    private static String within(String directory, String name) {
        return directory.isEmpty() ? name : directory + "/" + name;
    }

    private static String shown(String directory) {
        return directory.isEmpty() ? "." : directory;
    }
}
