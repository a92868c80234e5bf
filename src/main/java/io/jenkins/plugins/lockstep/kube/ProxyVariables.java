package io.jenkins.plugins.lockstep.kube;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Which proxy a server is reached through, by {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, upper-case
 * names first: as {@code kubectl} and every other Go program reads them (package {@code golang.org/x/net/http/httpproxy}).
 */
final class ProxyVariables {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private final Map<String, String> environment;

    ProxyVariables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * What the variables say about a server.
     *
     * @param variable which one says it
     * @param proxy its value; empty where the server is to be reached without a proxy
     */
    record Choice(String variable, String proxy) {

        /** Leaves the value out: it may hold a password. */
        @Override
        public String toString() {
            return "Choice[" + variable + "]";
        }
    }

    /** Returns what the variables say; empty where they say nothing about servers of this scheme. */
    Optional<Choice> of(HttpUrl server) {
        String name = server.isHttps() ? "HTTPS_PROXY" : "HTTP_PROXY";
        return variable(name).map(proxy -> {
            Choice direct = new Choice("NO_PROXY", "");
            return isExcluded(server) ? direct : proxy;
        });
    }

    private Optional<Choice> variable(String name) {
        for (String spelling : List.of(name, name.toLowerCase(Locale.ROOT))) {
            String value = environment.getOrDefault(spelling, "").strip();
            if (!value.isEmpty()) {
                return Optional.of(new Choice(spelling, value));
            }
        }
        return Optional.empty();
    }

    private boolean isExcluded(HttpUrl server) {
        String host = server.host().toLowerCase(Locale.ROOT);
        Optional<InetAddress> address = address(host);
        if (host.equals("localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
            return true;
        }
        String exceptions = variable("NO_PROXY").map(Choice::proxy).orElse("");
        return Arrays.stream(exceptions.split(",", -1))
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(entry -> excludes(entry, host, address, server.port()));
    }

    private static boolean excludes(String entry, String host, Optional<InetAddress> address, int port) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash > 0) {
            return address.isPresent()
                    && isWithin(address.get(), entry.substring(0, slash), entry.substring(slash + 1));
        }
        String name = entry;
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']');
        if (hasPort) {
            if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
                return false;
            }
            name = entry.substring(0, colon);
        }
        Optional<InetAddress> excluded = address(name.replaceAll("[\\[\\]]", ""));
        if (excluded.isPresent()) {
            return excluded.equals(address);
        }
        if (name.startsWith("*.")) {
            name = name.substring(1);
        }
        return name.startsWith(".") ? host.endsWith(name) : host.equals(name) || host.endsWith("." + name);
    }

    private static boolean isWithin(InetAddress address, String network, String length) {
        Optional<InetAddress> base = address(network);
        if (base.isEmpty() || !length.matches("[0-9]{1,3}")) {
            return false;
        }
        byte[] bits = address.getAddress();
        byte[] wanted = base.get().getAddress();
        int prefix = Integer.parseInt(length);
        if (bits.length != wanted.length || prefix > bits.length * 8) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((bits[bit / 8] & mask) != (wanted[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Reads an address; a name is not looked up. */
    private static Optional<InetAddress> address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
