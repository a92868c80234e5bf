package io.jenkins.plugins.lockstep.manifest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells which fields of a rendered object the live one does not have with the same value.
 *
 * <p>What the live object has besides is not looked at: defaults, status, other managers' fields. A field that is only
 * written differently is no difference: quantities ({@code 1000m} and {@code 1}), a number and its digits, an empty map
 * or list and none. Items of lists that the API server merges by a key ({@code containers} by {@code name},
 * {@code ports} by number and protocol) are matched by it; other lists must have the same size and order, and so must all lists of
 * custom resources, whose merge keys are not known here.
 *
 * <p>Where it is in doubt it names a difference: the API server's dry run then has the last word.
 */
public final class Drift {

    /** By the list's own key: the keys by which the API server merges its items. */
    private static final Map<String, List<String>> MERGE_KEYS = Map.ofEntries(
            Map.entry("containers", List.of("name")),
            Map.entry("initContainers", List.of("name")),
            Map.entry("ephemeralContainers", List.of("name")),
            Map.entry("env", List.of("name")),
            Map.entry("volumes", List.of("name")),
            Map.entry("volumeMounts", List.of("mountPath")),
            Map.entry("volumeDevices", List.of("devicePath")),
            Map.entry("imagePullSecrets", List.of("name")),
            Map.entry("hostAliases", List.of("ip")),
            Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
            Map.entry("webhooks", List.of("name")));

    private static final List<String> CONTAINER_PORT = List.of("containerPort", "protocol");
    private static final List<String> SERVICE_PORT = List.of("port", "protocol");

    /** Keys below which values are quantities. */
    private static final Set<String> QUANTITIES = Set.of(
            "limits",
            "requests",
            "capacity",
            "hard",
            "sizeLimit",
            "divisor",
            "podFixed",
            "averageValue",
            "min",
            "max",
            "default",
            "defaultRequest",
            "maxLimitRequestRatio");

    private static final Pattern QUANTITY =
            Pattern.compile("([-+]?[0-9]*\\.?[0-9]+|[-+]?[0-9]+\\.)(?:[eE]([-+]?[0-9]{1,3})|([numkMGTPE]|[KMGTPE]i)?)");
    private static final Map<String, BigDecimal> SUFFIXES = suffixes();

    private final boolean builtIn;
    private final List<String> differences = new ArrayList<>();

    private Drift(boolean builtIn) {
        this.builtIn = builtIn;
    }

    /**
     * Compares two objects.
     *
     * @return the paths of the differing fields, for example {@code spec.template.spec.containers[name=web].image}, in
     *     the order of {@code rendered}; empty where the live object has all that was rendered
     */
    public static List<String> between(Map<String, @Nullable Object> rendered, Map<String, @Nullable Object> live) {
        var drift = new Drift(isBuiltIn(String.valueOf(rendered.get("apiVersion"))));
        drift.compareMaps("", rendered, live);
        return List.copyOf(drift.differences);
    }

    /** Tells whether a kind's lists are those whose merge keys are known here: only of Kubernetes' own kinds. */
    public static boolean isBuiltIn(String apiVersion) {
        String group = ResourceKey.groupOf(apiVersion);
        return group.indexOf('.') < 0 || group.endsWith(".k8s.io");
    }

    private void compareMaps(String path, Map<String, @Nullable Object> rendered, Map<String, @Nullable Object> live) {
        rendered.forEach((key, value) -> compare(path.isEmpty() ? key : path + "." + key, key, value, live.get(key)));
    }

    private void compare(String path, String key, @Nullable Object rendered, @Nullable Object live) {
        if (live == null) {
            if (!isNothing(key, rendered)) {
                differences.add(path);
            }
        } else if (rendered instanceof Map && live instanceof Map) {
            if (QUANTITIES.contains(key)) {
                compareQuantities(path, Trees.map(rendered), Trees.map(live));
            } else {
                compareMaps(path, Trees.map(rendered), Trees.map(live));
            }
        } else if (rendered instanceof List && live instanceof List) {
            compareLists(path, key, Trees.list(rendered), Trees.list(live));
        } else if (rendered != null
                && !(QUANTITIES.contains(key) ? sameQuantity(rendered, live) : same(rendered, live))) {
            differences.add(path);
        }
    }

    /** What the API server does not keep. An empty selector means everything, none means nothing: that one is kept. */
    private static boolean isNothing(String key, @Nullable Object value) {
        return value == null
                || (value instanceof Map<?, ?> map && map.isEmpty() && !key.endsWith("elector"))
                || (value instanceof List<?> list && list.isEmpty())
                || (key.equals("value") && value.equals(""));
    }

    private void compareQuantities(
            String path, Map<String, @Nullable Object> rendered, Map<String, @Nullable Object> live) {
        rendered.forEach((name, value) -> {
            Object other = live.get(name);
            if (value instanceof Map || value instanceof List) {
                compare(path + "." + name, name, value, other);
            } else if (value != null && (other == null || !sameQuantity(value, other))) {
                differences.add(path + "." + name);
            }
        });
    }

    private void compareLists(String path, String key, List<@Nullable Object> rendered, List<@Nullable Object> live) {
        List<String> mergeKeys = mergeKeys(builtIn, path, key, rendered);
        if (mergeKeys.isEmpty()) {
            if (rendered.size() != live.size()) {
                differences.add(path);
                return;
            }
            for (int i = 0; i < rendered.size(); i++) {
                compare(path + "[" + i + "]", key, rendered.get(i), live.get(i));
            }
            return;
        }
        var liveByKey = new LinkedHashMap<String, Map<String, @Nullable Object>>();
        live.forEach(item -> liveByKey.put(identity(mergeKeys, item), Trees.map(item)));
        for (Object item : rendered) {
            String identity = identity(mergeKeys, item);
            String itemPath = path + "[" + identity + "]";
            Map<String, @Nullable Object> other = liveByKey.get(identity);
            if (other == null) {
                differences.add(itemPath);
            } else {
                compareMaps(itemPath, Trees.map(item), other);
            }
        }
    }

    /**
     * Returns the keys by which the API server merges the items of a list; none where it does not, or where they are not
     * known.
     *
     * @param builtIn see {@link #isBuiltIn}
     * @param path the list's path, as {@link #between} writes it
     * @param key the list's own key, the last part of its path
     * @param items must all have the keys
     */
    public static List<String> mergeKeys(boolean builtIn, String path, String key, List<?> items) {
        List<String> keys = MERGE_KEYS.getOrDefault(key, List.of());
        if (key.equals("ports")) {
            keys = path.equals("spec.ports") ? SERVICE_PORT : List.of();
            if (path.contains("ontainers[")) {
                keys = CONTAINER_PORT;
            }
        }
        List<String> wanted = keys;
        boolean all = items.stream().allMatch(item -> Trees.map(item).keySet().containsAll(wanted));
        return builtIn && all ? keys : List.of();
    }

    private static String identity(List<String> mergeKeys, @Nullable Object item) {
        var parts = new ArrayList<String>();
        mergeKeys.forEach(key -> parts.add(key + "=" + plain(Trees.map(item).get(key))));
        return String.join(",", parts);
    }

    private static boolean same(Object rendered, Object live) {
        return Objects.equals(rendered, live) || plain(rendered).equals(plain(live));
    }

    /** Returns a scalar as a text that is the same for 1, 1L, 1.0 and "1". */
    private static String plain(@Nullable Object value) {
        return value instanceof Number
                ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }

    private static boolean sameQuantity(Object rendered, Object live) {
        Optional<BigDecimal> one = quantity(rendered);
        Optional<BigDecimal> other = quantity(live);
        return (one.isPresent() && other.isPresent()) ? one.get().compareTo(other.get()) == 0 : same(rendered, live);
    }

    private static Optional<BigDecimal> quantity(Object value) {
        Matcher matcher = QUANTITY.matcher(plain(value));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            return Optional.of(number.scaleByPowerOfTen(Integer.parseInt(matcher.group(2))));
        }
        return Optional.of(number.multiply(
                SUFFIXES.getOrDefault(matcher.group(3) == null ? "" : matcher.group(3), BigDecimal.ONE)));
    }

    private static Map<String, BigDecimal> suffixes() {
        var suffixes = new LinkedHashMap<String, BigDecimal>();
        String[] decimal = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
        for (int i = 0; i < decimal.length; i++) {
            suffixes.put(decimal[i], BigDecimal.ONE.scaleByPowerOfTen(3 * (i - 3)));
        }
        String[] binary = {"Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
        for (int i = 0; i < binary.length; i++) {
            suffixes.put(binary[i], BigDecimal.valueOf(1024).pow(i + 1));
        }
        return Map.copyOf(suffixes);
    }
}
