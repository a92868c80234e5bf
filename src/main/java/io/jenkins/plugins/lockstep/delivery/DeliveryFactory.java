package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.ForwardingProgress;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.image.BaseRegistry;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.jib.OciLayoutImageStore;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import io.jenkins.plugins.lockstep.image.jib.RegistryBases;
import io.jenkins.plugins.lockstep.image.jib.RegistryImageStore;
import io.jenkins.plugins.lockstep.image.jib.RegistryRetries;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.NearestRepository;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import io.jenkins.plugins.lockstep.revision.hg.HgRepositories;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
     * Takes everything from the caller.
     *
     * @param logins asked before Docker's configuration
     * @param plainHttpRegistries as {@code HOST[:PORT]}; those on loopback need not be named
     * @param clock when releases begin
     */
    public DeliveryFactory(
            Map<String, String> environment, RegistryLogins logins, Set<String> plainHttpRegistries, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.logins = logins;
        this.plainHttpRegistries = Set.copyOf(plainHttpRegistries);
        this.clock = clock;
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
        return new Delivery(new Adapters(notices), clock);
    }

    /** Opens the real parts. */
    private final class Adapters implements Connections {

        private final Progress notices;
        private final RegistryRetries retries;

        Adapters(Progress notices) {
            this.notices = new WarningOnce(notices);
            this.retries = RegistryRetries.telling(this.notices);
        }

        @Override
        public RepositoryFinder repositories() {
            var git = new GitRepositories();
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
            return new RegistryAccess(environment, logins, cacheDirectory(), plainHttpRegistries, retries);
        }

        @Override
        public Cluster cluster(Target target) {
            if (target instanceof Target.Directory directory) {
                return new DirectoryCluster(directory.path(), clock);
            }
            var kubernetes = (Target.Kubernetes) target;
            return new KubeClusters(environment)
                    .open(
                            new KubeTarget(kubernetes.kubeconfig(), kubernetes.context(), kubernetes.namespace()),
                            notices);
        }

        @Override
        public Destination destination(Target target, String app, Environment place) {
            if (target instanceof Target.Directory directory) {
                return inDirectory(directory, app, place);
            }
            return inCluster((Target.Kubernetes) target, app, place);
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

        private Destination inCluster(Target.Kubernetes target, String app, Environment place) {
            String context = target.context() != null ? target.context() : place.cluster();
            String wanted = target.namespace() != null ? target.namespace() : place.namespace();
            var cluster =
                    new KubeClusters(environment).open(new KubeTarget(target.kubeconfig(), context, wanted), notices);
            String namespace = cluster.defaultNamespace();
            return new Destination(
                    cluster,
                    namespace,
                    cluster.ledger(namespace, app, place.name()),
                    cluster.lock(namespace, app, place.name()));
        }

        /** The usual place for what can be fetched again, on each operating system. */
        private Path cacheDirectory() {
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
