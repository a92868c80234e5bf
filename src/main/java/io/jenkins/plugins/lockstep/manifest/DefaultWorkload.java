package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifests of an application that brings none: a Deployment for each image, and a Service for each that listens.
 *
 * <p>They are to be given to the {@link Renderer} like any other. One image gives objects named {@code APP}, several
 * give {@code APP-NAME} each. The configuration's files are mounted read-only at {@code /config}, its variables are
 * environment variables. A container is ready when its first port accepts connections, unless {@code run.probes} says
 * otherwise. Stateless.
 */
public final class DefaultWorkload {

    private static final String CONFIG_DIRECTORY = "/config";
    private static final String CONFIG_VOLUME = "config";

    // A Service's name is a DNS label that starts with a letter, on every version of Kubernetes.
    private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    /**
     * One image of the application.
     *
     * @param name the image's name in the project file
     * @param ports the TCP ports that it listens on
     */
    public record Component(String name, List<Integer> ports) {}

    /**
     * The environment's configuration as the containers see it.
     *
     * @param configMap the logical name, {@code APP-config}
     * @param files path below {@code /config} by ConfigMap key
     * @param variables names of environment variables, which are keys of the ConfigMap too
     */
    public record Config(String configMap, SortedMap<String, String> files, SortedSet<String> variables) {}

    /**
     * Writes the manifests.
     *
     * @param file the project file, which errors name
     * @param app the application's name
     * @param components at least one
     * @param run what {@code run:} says; the same for every component
     * @param config empty where the environment has no configuration
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the names make no name that a Service may have
     */
    public List<Manifest> manifests(
            String file, String app, List<Component> components, RunOptions run, Config config) {
        var manifests = new ArrayList<Manifest>();
        for (Component component : components) {
            String name = components.size() == 1 ? app : app + "-" + component.name();
            if (!SERVICE_NAME.matcher(name).matches()) {
                throw DeliveryException.of(
                                Problem.BAD_INPUT, "'" + name + "' can't be the name of a Deployment and its Service")
                        .where(file)
                        .why("it must start with a letter and have at most 63 letters")
                        .hint("choose another name for the application or the image, or write manifests");
            }
            var labels = map("app.kubernetes.io/name", name, "app.kubernetes.io/instance", app);
            manifests.add(manifest(file, deployment(name, labels, component, run, config)));
            if (!component.ports().isEmpty()) {
                manifests.add(manifest(file, service(name, labels, component.ports())));
            }
        }
        return List.copyOf(manifests);
    }

    private static Manifest manifest(String file, Map<String, @Nullable Object> tree) {
        return new Manifest(new Document(file, 1, tree, Map.of()), "", tree);
    }

    private static Map<String, @Nullable Object> deployment(
            String name, Map<String, @Nullable Object> selector, Component component, RunOptions run, Config config) {
        var pod = new LinkedHashMap<String, @Nullable Object>();
        if (run.serviceAccount() != null) {
            pod.put("serviceAccountName", run.serviceAccount());
        }
        if (run.pullSecret() != null) {
            pod.put("imagePullSecrets", List.of(map("name", run.pullSecret())));
        }
        pod.put("containers", List.of(container(name, component, run, config)));
        if (!config.files().isEmpty()) {
            var items = new ArrayList<@Nullable Object>();
            config.files().forEach((key, path) -> items.add(map("key", key, "path", path)));
            pod.put(
                    "volumes",
                    List.of(map("name", CONFIG_VOLUME, "configMap", map("name", config.configMap(), "items", items))));
        }
        return map(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                map("name", name, "labels", managed(selector)),
                "spec",
                map(
                        "selector",
                        map("matchLabels", selector),
                        "template",
                        map("metadata", map("labels", managed(selector)), "spec", pod)));
    }

    private static Map<String, @Nullable Object> container(
            String name, Component component, RunOptions run, Config config) {
        var container = map("name", name, "image", "lockstep/" + component.name());
        if (!component.ports().isEmpty()) {
            var ports = new ArrayList<@Nullable Object>();
            component.ports().forEach(port -> ports.add(map("name", "tcp-" + port, "containerPort", port)));
            container.put("ports", ports);
        }
        if (!config.variables().isEmpty()) {
            var variables = new ArrayList<@Nullable Object>();
            for (String variable : config.variables()) {
                var source = map("configMapKeyRef", map("name", config.configMap(), "key", variable));
                variables.add(map("name", variable, "valueFrom", source));
            }
            container.put("env", variables);
        }
        if (!config.files().isEmpty()) {
            container.put(
                    "volumeMounts",
                    List.of(map("name", CONFIG_VOLUME, "mountPath", CONFIG_DIRECTORY, "readOnly", true)));
        }
        if (!run.resources().isEmpty()) {
            container.put("resources", run.resources());
        }
        var probes = new LinkedHashMap<String, @Nullable Object>(run.probes());
        if (!component.ports().isEmpty()) {
            probes.putIfAbsent(
                    "readiness", map("tcpSocket", map("port", component.ports().get(0))));
        }
        probes.forEach((kind, probe) -> {
            if (!Trees.map(probe).isEmpty()) { // `readiness: {}` asks for none
                container.put(kind + "Probe", probe);
            }
        });
        container.put("securityContext", map("allowPrivilegeEscalation", false));
        return container;
    }

    private static Map<String, @Nullable Object> service(
            String name, Map<String, @Nullable Object> selector, List<Integer> containerPorts) {
        var ports = new ArrayList<@Nullable Object>();
        containerPorts.forEach(port -> ports.add(map("name", "tcp-" + port, "port", port, "targetPort", port)));
        return map(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                map("name", name, "labels", managed(selector)),
                "spec",
                map("selector", selector, "ports", ports));
    }

    private static Map<String, @Nullable Object> managed(Map<String, @Nullable Object> labels) {
        var managed = new LinkedHashMap<>(labels);
        managed.put("app.kubernetes.io/managed-by", "lockstep");
        return managed;
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
