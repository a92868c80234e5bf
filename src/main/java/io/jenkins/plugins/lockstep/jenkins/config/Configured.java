package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.delivery.ClusterAccess;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an item may use: of entries with the same name the one in the nearest folder, and the global ones last. Only to
 * be asked on the controller; it reflects the configuration at the time when it was made, and credentials at the time
 * when they are asked for. Thread-safe.
 */
public final class Configured {

    /** What the cluster is called that is taken where none is named and there are several. */
    static final String DEFAULT = "default";

    private final Item item;
    private final Map<String, Placed<ClusterEntry>> clusters = new LinkedHashMap<>();
    private final Map<String, Placed<RegistryEntry>> registries = new LinkedHashMap<>();
    private final SourceBranches sources;

    private Configured(Item item, List<Entries> nearestFirst, SourceBranches sources) {
        this.item = item;
        this.sources = sources;
        for (Entries entries : nearestFirst) {
            entries.clusters()
                    .forEach(cluster -> clusters.putIfAbsent(cluster.getName(), new Placed<>(entries, cluster)));
            entries.registries()
                    .forEach(registry -> registries.putIfAbsent(
                            RegistryNames.asked(registry.getRegistry()), new Placed<>(entries, registry)));
        }
    }

    /** Looks an item up: a job, or a folder, which has what the jobs in it have. */
    public static Configured of(Item item) {
        return of(item, Entries.nearestFirst(item), ScmSourceBranch::of);
    }

    static Configured of(Item item, List<Entries> nearestFirst, SourceBranches sources) {
        return new Configured(item, nearestFirst, sources);
    }

    /** Tells whether any cluster is configured for the item, even one that it may not use. */
    public boolean hasClusters() {
        return !clusters.isEmpty();
    }

    /** Returns the names of the clusters that the item's place lets it use, the nearest first. */
    public List<String> clusterNames() {
        return clusters.values().stream()
                .map(Placed::entry)
                .filter(cluster -> new UseRule(cluster).takesPlaceOf(item))
                .map(ClusterEntry::getName)
                .toList();
    }

    /**
     * Returns a cluster with its credentials.
     *
     * @param name null for the default one: the only one that there is for the item, else the one called {@value #DEFAULT}
     * @param run which uses it, so that the use of the credential is recorded with it; null where no build does
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is none of that name or its credential is not
     *     there, {@link Problem#CLUSTER_FORBIDDEN} where the item, its branch or its pull request may not use it
     */
    public UsableCluster cluster(@Nullable String name, @Nullable Run<?, ?> run) {
        Placed<ClusterEntry> found = find(name);
        ClusterEntry entry = found.entry();
        new UseRule(entry).check(item, sources, run);
        var access = new ClusterAccess(
                entry.getName(), found.credentials().server(entry, item, run), entry.getNamespace(), entry.allowance());
        return new UsableCluster(access, entry.getConnectFrom());
    }

    /** As {@link #logins(Run, Progress)}, without a word about entries whose credential is missing. */
    public Map<String, RegistryLogin> logins(@Nullable Run<?, ?> run) {
        return logins(run, Progress.NONE);
    }

    /**
     * Returns how to log in to registries.
     *
     * @param run which uses the logins, so that the use is recorded with it; null where no build does
     * @param progress told of entries whose credential is missing: they are left out, for another build may need them
     * @return by {@code HOST[:PORT]}; Docker Hub is {@code registry-1.docker.io}
     */
    public Map<String, RegistryLogin> logins(@Nullable Run<?, ?> run, Progress progress) {
        var logins = new LinkedHashMap<String, RegistryLogin>();
        registries.forEach((registry, placed) -> {
            try {
                placed.credentials().login(placed.entry(), item, run).ifPresent(login -> logins.put(registry, login));
            } catch (DeliveryException e) {
                progress.warn(e.getMessage());
            }
        });
        return logins;
    }

    /** Returns the default namespaces by the names of the clusters, of those that say one. */
    public Map<String, String> defaultNamespaces() {
        var namespaces = new LinkedHashMap<String, String>();
        clusters.forEach((name, placed) -> {
            String namespace = placed.entry().getNamespace();
            if (namespace != null) {
                namespaces.put(name, namespace);
            }
        });
        return namespaces;
    }

    /**
     * Returns the default namespace of a cluster; null where its entry says none.
     *
     * @param cluster null for the default one
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is none of that name
     */
    public @Nullable String defaultNamespace(@Nullable String cluster) {
        return find(cluster).entry().getNamespace();
    }

    /** Returns where releases go, for an operation on the controller; each cluster is looked up when it is needed. */
    public Target target(@Nullable String cluster, @Nullable String namespace, @Nullable Run<?, ?> run) {
        return new Target.Configured(name -> cluster(name, run).access(), cluster, namespace);
    }

    private Placed<ClusterEntry> find(@Nullable String name) {
        Placed<ClusterEntry> found = clusters.get(name == null ? defaultName() : name);
        if (found != null) {
            return found;
        }
        throw DeliveryException.of(
                        Problem.BAD_USAGE, "Jenkins has no cluster named '" + name + "' for " + item.getFullName())
                .hint(
                        clusters.isEmpty()
                                ? "configure it in Jenkins, globally or in a folder around the job"
                                : NearestWord.hint(String.valueOf(name), clusters.keySet()));
    }

    private String defaultName() {
        List<String> usable = new ArrayList<>(clusterNames());
        if (usable.size() == 1) {
            return usable.get(0);
        }
        if (usable.contains(DEFAULT)) {
            return DEFAULT;
        }
        if (usable.isEmpty()) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, "Jenkins has no cluster that " + item.getFullName() + " may use")
                    .hint("configure one, globally or in a folder around the job");
        }
        throw DeliveryException.of(Problem.BAD_USAGE, "no cluster is named, and there are several")
                .hint("write 'cluster: NAME' for the environment in the project file, with one of "
                        + String.join(", ", usable));
    }

    /** An entry and where it is configured. */
    private record Placed<T>(Entries entries, T entry) {

        EntryCredentials credentials() {
            return new EntryCredentials(entries.place());
        }
    }

    /**
     * A cluster with its credentials.
     *
     * @param from where it has to be reached from
     */
    public record UsableCluster(ClusterAccess access, ConnectFrom from) {}
}
