package io.jenkins.plugins.lockstep.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says in Java's words what {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} say: the library that speaks with
 * registries listens to system properties alone. Only the command line may set them, since its process is its own.
 */
final class ProxyProperties {

    private static final Pattern NETWORK = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+)\\.[0-9]+/(8|16|24)");

    private ProxyProperties() {}

    /** Sets what the variables say and nobody has set yet. */
    static void set(Map<String, String> environment) {
        of(environment).forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    /** Returns the properties; a proxy that can't be used is left out. */
    static Map<String, String> of(Map<String, String> environment) {
        var properties = new LinkedHashMap<String, String>();
        String exceptions = variable(environment, "NO_PROXY");
        if (List.of(exceptions.split("\\s*,\\s*", -1)).contains("*")) {
            return properties;
        }
        for (String scheme : List.of("https", "http")) {
            String proxy = variable(environment, scheme.toUpperCase(Locale.ROOT) + "_PROXY");
            if (!proxy.isEmpty()) {
                add(scheme, proxy.contains("://") ? proxy : "http://" + proxy, properties);
            }
        }
        if (!properties.isEmpty()) {
            properties.put("http.nonProxyHosts", String.join("|", hosts(exceptions)));
        }
        return properties;
    }

    private static void add(String scheme, String proxy, Map<String, String> properties) {
        URI uri;
        try {
            uri = URI.create(proxy);
        } catch (IllegalArgumentException e) {
            return; // whoever needs it says so
        }
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            return;
        }
        properties.put(scheme + ".proxyHost", uri.getHost());
        properties.put(scheme + ".proxyPort", String.valueOf(uri.getPort() > 0 ? uri.getPort() : 80));
        String login = uri.getUserInfo();
        if (login != null && login.contains(":")) {
            properties.put(scheme + ".proxyUser", login.substring(0, login.indexOf(':')));
            properties.put(scheme + ".proxyPassword", login.substring(login.indexOf(':') + 1));
        }
    }

    /** Java's list has no ports, and of networks only those that end at a dot. */
    private static List<String> hosts(String exceptions) {
        var hosts = new ArrayList<>(List.of("localhost", "127.*", "[::1]"));
        for (String entry : exceptions.split(",", -1)) {
            String name = entry.strip().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
            var network = NETWORK.matcher(name);
            if (network.matches()) {
                int octets = Integer.parseInt(network.group(4)) / 8;
                var prefix = new StringBuilder();
                for (int octet = 1; octet <= octets; octet++) {
                    prefix.append(network.group(octet)).append('.');
                }
                hosts.add(prefix + "*");
            } else if (name.startsWith(".") || name.startsWith("*.")) {
                hosts.add("*" + name.replaceFirst("^\\*", ""));
            } else if (!name.isEmpty() && !name.contains("/")) {
                hosts.add(name);
                hosts.add("*." + name);
            }
        }
        return hosts;
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "").strip();
        return upper.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : upper;
    }
}
