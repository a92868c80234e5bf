package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.ForwardingProgress;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import io.jenkins.plugins.lockstep.deploy.WriteLimits;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.image.BaseRegistry;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.RegistryProbe;
import io.jenkins.plugins.lockstep.image.jib.OciLayoutImageStore;
import io.jenkins.plugins.lockstep.image.jib.RecentAnswers;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import io.jenkins.plugins.lockstep.image.jib.RegistryBases;
import io.jenkins.plugins.lockstep.image.jib.RegistryImageStore;
import io.jenkins.plugins.lockstep.image.jib.RegistryRetries;
import io.jenkins.plugins.lockstep.image.jib.RegistryVisit;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeDocument;
import io.jenkins.plugins.lockstep.kube.KubeEndpoint;
import io.jenkins.plugins.lockstep.kube.KubeServer;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.NearestRepository;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import io.jenkins.plugins.lockstep.revision.hg.HgRepositories;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The composition root: the only place that names adapters.
 *
 * <p>Thread-safe; everything that the engine takes from its surroundings comes in here.
 */
public final class DeliveryFactory {

    /** Says {@code git} or {@code mercurial} where a directory is both. */
    private static final String CHOOSER = "LOCKSTEP_VCS";

    private final Map<String, String> environment;
    private final RegistryLogins logins;
    private final Set<String> plainHttpRegistries;
    private final Clock clock;
    private final RecentAnswers recent = new RecentAnswers();
    private final @Nullable Path cacheDirectory;
    private final boolean staying;

    /** What is being loaded for the operations; null where nothing is. */
    private final @Nullable WarmUp warming;

    /**
     * Takes logins from Docker's configuration and clusters from a kubeconfig.
     *
     * @param environment environment variables: {@code KUBECONFIG}, {@code DOCKER_CONFIG}, {@code HOME}, {@code PATH} and the
     *     like
     */
    public DeliveryFactory(Map<String, String> environment) {
        this(environment, Set.of());
    }

    /**
     * Takes logins from Docker's configuration and clusters from a kubeconfig.
     *
     * @param plainHttpRegistries as {@code HOST[:PORT]}; those on loopback need not be named
     */
    public DeliveryFactory(Map<String, String> environment, Set<String> plainHttpRegistries) {
        this(environment, RegistryLogins.NONE, plainHttpRegistries, Clock.systemUTC());
    }

    /**
     * Takes everything from the caller. With an empty environment nothing of this process's user is used, neither a
     * kubeconfig, the service account of a pod, nor Docker's logins: then {@link Target.Configured} names the clusters, and
     * {@code logins} is all that is known of registries. Java's proxy properties count all the same.
     *
     * @param logins asked before Docker's configuration
     * @param plainHttpRegistries as {@code HOST[:PORT]}; those on loopback need not be named
     * @param clock when releases begin
     */
    public DeliveryFactory(
            Map<String, String> environment, RegistryLogins logins, Set<String> plainHttpRegistries, Clock clock) {
        this(environment, logins, plainHttpRegistries, clock, null, false, null);
    }

    private DeliveryFactory(
            Map<String, String> environment,
            RegistryLogins logins,
            Set<String> plainHttpRegistries,
            Clock clock,
            @Nullable Path cacheDirectory,
            boolean staying,
            @Nullable WarmUp warming) {
        this.environment = Map.copyOf(environment);
        this.logins = logins;
        this.plainHttpRegistries = Set.copyOf(plainHttpRegistries);
        this.clock = clock;
        this.cacheDirectory = cacheDirectory;
        this.staying = staying;
        this.warming = warming;
    }

    /**
     * Returns a factory that keeps the layers of base images in another place than the usual one of this user; for who
     * gives no environment and builds images all the same.
     *
     * @param directory absolute; made where it is missing, and shared by any number of builds
     */
    public DeliveryFactory cachingIn(Path directory) {
        return new DeliveryFactory(environment, logins, plainHttpRegistries, clock, directory, staying, warming);
    }

    /**
     * Returns a factory for a process that goes on when its operations have ended, such as an agent: what takes seconds to
     * find out about the machine, and can be done without for now, is found out meanwhile.
     */
    public DeliveryFactory staying() {
        return new DeliveryFactory(environment, logins, plainHttpRegistries, clock, cacheDirectory, true, warming);
    }

    /**
     * Begins to load what it takes to open a repository.
     *
     * @param clusters and what it takes to talk to a cluster
     */
    public static WarmUp warmUp(boolean clusters) {
        return new WarmUp(GitRepositories::warmUp, clusters ? KubeClusters::warmUp : null);
    }

    /** Returns a factory whose operations wait for what has been begun to load for them. */
    public DeliveryFactory after(WarmUp begun) {
        return new DeliveryFactory(environment, logins, plainHttpRegistries, clock, cacheDirectory, staying, begun);
    }

    /** Returns the operations; that a server fails in passing and is tried again is told to nobody. */
    public Delivery delivery() {
        return delivery(Progress.NONE);
    }

    /**
     * Returns the operations.
     *
     * @param notices is told, once for each kind of fault, that a registry or an API server fails in passing and is tried
     *     again, whichever operation it happens to
     */
    public Delivery delivery(Progress notices) {
        return new Delivery(connections(notices), clock);
    }

    Connections connections(Progress notices) {
        return new Adapters(notices);
    }

    /** Opens the real parts. */
    private final class Adapters implements Connections {

        private final Progress notices;
        private final RegistryRetries retries;
        private final KubeClusters clusters = new KubeClusters(environment);

        Adapters(Progress notices) {
            this.notices = new WarningOnce(notices);
            this.retries = RegistryRetries.telling(this.notices);
        }

        @Override
        public RepositoryFinder repositories() {
            if (warming != null) {
                warming.awaitRepositories();
            }
            var git = new GitRepositories(staying);
            return NearestRepository.of(
                    List.of(git, new HgRepositories(environment, List.of(git))), CHOOSER, environment.get(CHOOSER));
        }

        @Override
        public ImageStore images(Target target) {
            return target instanceof Target.Directory directory
                    ? new OciLayoutImageStore(directory.path().resolve("images"), access())
                    : new RegistryImageStore(access());
        }

        @Override
        public BaseRegistry bases() {
            return new RegistryBases(access());
        }

        private RegistryAccess access() {
            return new RegistryAccess(environment, logins, cacheDirectory(), plainHttpRegistries, retries, recent);
        }

        @Override
        public Cluster cluster(Target target) {
            if (target instanceof Target.Directory directory) {
                return new DirectoryCluster(directory.path(), clock);
            }
            return kubeCluster(target);
        }

        private KubeCluster kubeCluster(Target target) {
            if (warming != null) {
                warming.awaitClusters();
            }
            if (target instanceof Target.Configured configured) {
                ClusterAccess access = configured.clusters().find(configured.cluster());
                return clusters.open(server(access, configured.namespace()), limits(access), notices);
            }
            var kubernetes = (Target.Kubernetes) target;
            return clusters.open(
                    new KubeTarget(kubernetes.kubeconfig(), kubernetes.context(), kubernetes.namespace()), notices);
        }

        private static KubeServer server(ClusterAccess access, @Nullable String wanted) {
            String namespace = wanted != null ? wanted : access.namespace();
            if (access.server() instanceof ClusterAccess.Server.Api api) {
                return new KubeEndpoint(
                        access.name(),
                        api.url(),
                        api.certificateAuthority(),
                        api::token,
                        namespace == null ? "default" : namespace);
            }
            var kubeconfig = (ClusterAccess.Server.Kubeconfig) access.server();
            return new KubeDocument(access.name(), kubeconfig.text(), kubeconfig.context(), namespace);
        }

        private static WriteLimits limits(ClusterAccess access) {
            return new WriteLimits("cluster '" + access.name() + "'", access.allowance()::allows);
        }

        @Override
        public void close() {
            clusters.close();
        }

        @Override
        public ServerProbe probe(ClusterAccess cluster, Duration limit) {
            return clusters.probe(server(cluster, null), limit);
        }

        @Override
        public RegistryProbe probe(String registry, @Nullable RegistryLogin login, Duration limit) {
            RegistryLogins logins = asked -> Optional.ofNullable(login);
            return new RegistryVisit(
                    registry,
                    new RegistryAccess(Map.of(), logins, cacheDirectory(), plainHttpRegistries, retries),
                    limit);
        }

        @Override
        public Destination destination(Target target, String app, Environment place) {
            if (target instanceof Target.Directory directory) {
                return inDirectory(directory, app, place);
            }
            return inCluster(target, app, place);
        }

        private Destination inDirectory(Target.Directory directory, String app, Environment place) {
            Path path = directory.path();
            var cluster = new DirectoryCluster(path, clock);
            String namespace = place.namespace() != null ? place.namespace() : cluster.defaultNamespace();
            return new Destination(
                    cluster,
                    namespace,
                    new DirectoryLedger(path, app, place.name()),
                    new DirectoryEnvironmentLock(path, app, place.name()));
        }

        /** What keeps the environment's books is written to its namespace, too, so not even they are looked at elsewhere. */
        private Destination inCluster(Target target, String app, Environment place) {
            KubeCluster cluster = kubeCluster(target.within(place.cluster(), place.namespace()));
            String namespace = cluster.defaultNamespace();
            if (!cluster.limits().allow(new ResourceKey("", "ConfigMap", namespace, app))) {
                cluster.close();
                throw DeliveryException.of(
                                Problem.CLUSTER_FORBIDDEN,
                                cluster.limits().place() + " is not configured to take environments in namespace "
                                        + namespace)
                        .where(app + " in " + place.name())
                        .hint("correct the environment's `namespace` or `cluster`, or ask who configured "
                                + cluster.limits().place() + " to allow namespace " + namespace);
            }
            return new Destination(
                    cluster,
                    namespace,
                    cluster.ledger(namespace, app, place.name()),
                    cluster.lock(namespace, app, place.name()));
        }

        /** The usual place for what can be fetched again, on each operating system. */
        private Path cacheDirectory() {
            if (cacheDirectory != null) {
                return cacheDirectory;
            }
            String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            if (!xdg.isEmpty()) {
                return Path.of(xdg, "lockstep");
            }
            return local.isEmpty() ? home().resolve(".cache").resolve("lockstep") : Path.of(local, "lockstep", "cache");
        }

        private Path home() {
            String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
            return Path.of(home.isEmpty() ? System.getProperty("java.io.tmpdir") : home);
        }
    }

    /** An operation may open a cluster more than once. */
    private static final class WarningOnce extends ForwardingProgress {

        private final Set<String> told = ConcurrentHashMap.newKeySet();

        WarningOnce(Progress target) {
            super(target);
        }

        @Override
        public void warn(String message) {
            if (told.add(message)) {
                super.warn(message);
            }
        }
    }
}
