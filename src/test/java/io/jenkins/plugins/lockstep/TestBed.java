package io.jenkins.plugins.lockstep;

import java.nio.file.Path;
import java.util.Optional;

/** What {@code src/testbed/testbed run} (or the reader's own cluster) offers to tests, by environment variables. */
public final class TestBed {

    static final String KUBECONFIG = "LOCKSTEP_TEST_KUBECONFIG";
    static final String REGISTRY = "LOCKSTEP_TEST_REGISTRY";
    static final String NODE = "LOCKSTEP_TEST_NODE";
    static final String BASE = "LOCKSTEP_TEST_BASE";
    static final String JRE_BASE = "LOCKSTEP_TEST_JRE_BASE";

    private TestBed() {}

    /** Returns the kubeconfig file of a cluster that tests may fill and empty. */
    public static Path kubeconfig() {
        return Path.of(demand(KUBECONFIG));
    }

    /** Returns {@code HOST:PORT} of a registry that speaks plain HTTP on loopback and lets everybody push. */
    public static String registry() {
        return demand(REGISTRY);
    }

    /** Returns an image with busybox that nodes can pull. */
    public static String base() {
        return value(BASE).orElseGet(() -> registry() + "/testbed/busybox:1");
    }

    /** Returns an image with Java 17 on its path that nodes can pull; empty where there is none. */
    public static Optional<String> jreBase() {
        return value(JRE_BASE);
    }

    /** Tells whether the cluster has a node, so that pods really run. */
    public static boolean runsPods() {
        return value(NODE).filter("true"::equals).isPresent();
    }

    static Optional<String> value(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank());
    }

    private static String demand(String variable) {
        return value(variable)
                .orElseThrow(() -> new IllegalStateException(variable + " is not set: annotate with @ClusterTest"));
    }
}
