package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.config.ConfigSource;
import io.jenkins.plugins.lockstep.project.Environment.HistoryRule;
import io.jenkins.plugins.lockstep.project.Environment.HoldRule;
import io.jenkins.plugins.lockstep.project.Environment.ReplicaBounds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code environments:} and puts together what they extend. */
final class EnvironmentsReader {

    private static final List<String> KEYS =
            List.of("extends", "abstract", "config", "namespace", "cluster", "replicas", "after", "history", "hold");

    /** What {@link Environment#settings()} may hold, in its order. */
    private static final List<String> SETTINGS =
            List.of("namespace", "cluster", "replicas.min", "replicas.max", "replicas.cpu", "after", "history", "hold");

    private static final int MOST_REPLICAS = 1_000_000;

    private final ProjectDirectory directory;

    EnvironmentsReader(ProjectDirectory directory) {
        this.directory = directory;
    }

    Map<String, Environment> read(@Nullable Section environments) {
        if (environments == null) {
            return Map.of();
        }
        var pieces = new LinkedHashMap<String, Piece>();
        for (String name : environments.keys()) {
            Names.label(environments, name, name, Names.LONGEST_APP);
            pieces.put(name, piece(environments, name));
        }
        var read = new LinkedHashMap<String, Environment>();
        for (Map.Entry<String, Piece> entry : pieces.entrySet()) {
            String name = entry.getKey();
            var order = new LinkedHashSet<String>();
            collect(environments, name, pieces, order, new LinkedHashSet<>());
            if (!entry.getValue().isAbstract()) {
                read.put(name, combined(environments, name, List.copyOf(order), pieces));
            }
        }
        pieces.forEach((name, piece) -> checkAfter(environments, name, piece, pieces, read.keySet()));
        return Collections.unmodifiableMap(read);
    }

    /**
     * Lines up a piece behind those that it extends, from left to right. One that several extend stands once, where it
     * comes first: what is special about one of them is not lost to what another has in common with it.
     *
     * @param order the result, lowest first
     * @param open the names on the way to this one
     */
    private static void collect(
            Section environments, String name, Map<String, Piece> pieces, Set<String> order, Set<String> open) {
        Piece own = piece(pieces, name);
        open.add(name);
        for (int i = 0; i < own.parents().size(); i++) {
            String parent = own.parents().get(i);
            String key = name + ".extends" + (own.parentsAreList() ? "[" + i + "]" : "");
            if (!pieces.containsKey(parent)) {
                throw environments
                        .mistake(key, "no environment is named '" + parent + "'")
                        .hint(NearestWord.hint(parent, pieces.keySet()));
            }
            if (open.contains(parent)) {
                var cycle = new ArrayList<>(open);
                throw environments
                        .mistake(key, "environments extend each other in a circle")
                        .why(String.join(" extends ", cycle.subList(cycle.indexOf(parent), cycle.size())) + " extends "
                                + parent)
                        .hint("remove one of them");
            }
            if (!order.contains(parent)) {
                collect(environments, parent, pieces, order, open);
            }
        }
        open.remove(name);
        order.add(name);
    }

    private static Piece piece(Map<String, Piece> pieces, String name) {
        Piece piece = pieces.get(name);
        if (piece == null) {
            throw new IllegalStateException("no environment " + name);
        }
        return piece;
    }

    /** Lays pieces over each other, the first one lowest: key by key, and directory on directory. */
    private static Environment combined(
            Section environments, String name, List<String> order, Map<String, Piece> pieces) {
        var config = new ArrayList<ConfigSource>();
        var set = new HashMap<String, Setting>();
        for (String part : order) {
            Piece piece = piece(pieces, part);
            config.addAll(piece.config());
            piece.settings()
                    .forEach(setting -> set.merge(setting.key(), setting, (earlier, later) -> later.over(earlier)));
        }
        var settings = new LinkedHashMap<String, Setting>();
        for (String key : SETTINGS) {
            Setting setting = set.get(key);
            if (setting != null) {
                settings.put(key, setting);
            }
        }
        return new Environment(
                name,
                config,
                text(settings, "namespace"),
                text(settings, "cluster"),
                bounds(environments, name, settings),
                text(settings, "after"),
                "forward".equals(text(settings, "history")) ? HistoryRule.FORWARD : HistoryRule.ANY,
                "until-descendant".equals(text(settings, "hold")) ? HoldRule.UNTIL_DESCENDANT : HoldRule.UNTIL_LIFTED,
                order,
                settings);
    }

    private static @Nullable String text(Map<String, Setting> settings, String key) {
        Setting setting = settings.get(key);
        return setting == null ? null : String.valueOf(setting.value());
    }

    private static @Nullable Integer number(Map<String, Setting> settings, String key) {
        Setting setting = settings.get(key);
        return setting == null ? null : (Integer) setting.value();
    }

    private static @Nullable ReplicaBounds bounds(Section environments, String name, Map<String, Setting> settings) {
        Integer min = number(settings, "replicas.min");
        Integer max = number(settings, "replicas.max");
        Setting cpu = settings.get("replicas.cpu");
        if (cpu != null) {
            requireRoom(name, cpu, min, max);
        }
        if (min == null && max == null) {
            return null;
        }
        int most = max == null ? Integer.MAX_VALUE : max;
        int least = min == null ? Math.min(1, most) : min;
        if (least > most) {
            throw environments
                    .mistake(
                            name + ".replicas",
                            "'" + name + "' has at least " + least + " and at most " + most + " replicas")
                    .hint("raise `max` or lower `min`; they may come from an environment that it extends");
        }
        return new ReplicaBounds(least, most, number(settings, "replicas.cpu"));
    }

    /** An autoscaler needs a most, and by CPU it can't come back from none. */
    private static void requireRoom(String name, Setting cpu, @Nullable Integer min, @Nullable Integer max) {
        if (max == null || max == 0) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT, "'" + name + "' scales by `cpu`, but has no `max` to scale to")
                    .where(cpu.place())
                    .hint("write replicas: { min: 2, max: 10, cpu: " + cpu.value() + " }");
        }
        if (min != null && min == 0) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + name + "' scales by `cpu`, so it can't go down to 0")
                    .where(cpu.place())
                    .why("without a pod there is no use of CPU that could bring one back")
                    .hint("set `min` to 1 or more, or leave `cpu` out");
        }
    }

    private static void checkAfter(
            Section environments, String name, Piece piece, Map<String, Piece> pieces, Set<String> known) {
        for (Setting setting : piece.settings()) {
            if (!setting.key().equals("after")) {
                continue;
            }
            String after = String.valueOf(setting.value());
            if (after.equals(name)) {
                throw environments
                        .mistake(name + ".after", "the environment '" + name + "' can't come after itself")
                        .hint("name the environment that has a revision first, or leave the key out");
            }
            if (!known.contains(after)) {
                throw environments
                        .mistake(name + ".after", "no environment is named '" + after + "'")
                        .why(pieces.containsKey(after) ? "'" + after + "' is abstract: nothing ever runs there" : null)
                        .hint(NearestWord.hint(after, known));
            }
        }
    }

    private Piece piece(Section environments, String name) {
        Section section = environments.section(name);
        if (section == null) {
            return Piece.EMPTY;
        }
        section.rejectUnknown(KEYS);
        boolean parentsAreList = section.value("extends") instanceof List;
        String parent = parentsAreList ? null : section.string("extends");
        return new Piece(
                section.flag("abstract", false),
                parent == null ? section.strings("extends") : List.of(parent),
                parentsAreList,
                config(section, name),
                settings(section, name));
    }

    private static List<Setting> settings(Section section, String name) {
        String namespace = section.string("namespace");
        if (namespace != null) {
            Names.label(section, "namespace", namespace, 63);
        }
        var settings = new ArrayList<Setting>();
        add(settings, name, "namespace", namespace, section.place("namespace"));
        add(settings, name, "cluster", section.string("cluster"), section.place("cluster"));
        addReplicas(settings, name, section);
        add(settings, name, "after", section.string("after"), section.place("after"));
        add(settings, name, "history", section.choice("history", List.of("any", "forward")), section.place("history"));
        add(
                settings,
                name,
                "hold",
                section.choice("hold", List.of("until-lifted", "until-descendant")),
                section.place("hold"));
        return settings;
    }

    private static void addReplicas(List<Setting> settings, String name, Section environment) {
        if (environment.value("replicas") instanceof Integer) {
            Integer count = environment.integer("replicas", 0, MOST_REPLICAS);
            add(settings, name, "replicas.min", count, environment.place("replicas"));
            add(settings, name, "replicas.max", count, environment.place("replicas"));
            return;
        }
        Section section = environment.section("replicas");
        if (section != null) {
            section.rejectUnknown(List.of("min", "max", "cpu"));
            add(settings, name, "replicas.min", section.integer("min", 0, MOST_REPLICAS), section.place("min"));
            add(settings, name, "replicas.max", section.integer("max", 0, MOST_REPLICAS), section.place("max"));
            add(settings, name, "replicas.cpu", section.integer("cpu", 1, 1_000), section.place("cpu"));
        }
    }

    private static void add(List<Setting> settings, String name, String key, @Nullable Object value, String place) {
        if (value != null) {
            settings.add(new Setting(key, value, name, place, List.of()));
        }
    }

    private List<ConfigSource> config(Section environment, String name) {
        if (!environment.has("config")) {
            return List.of();
        }
        var sources = new ArrayList<ConfigSource>();
        if (environment.value("config") instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                sources.add(configSource(environment, name, "config[" + i + "]", items.get(i)));
            }
        } else {
            sources.add(configSource(environment, name, "config", environment.value("config")));
        }
        return List.copyOf(sources);
    }

    private ConfigSource configSource(Section environment, String name, String key, @Nullable Object value) {
        String place = environment.place(key);
        if (value instanceof String from && !from.isBlank()) {
            Names.path(environment, key, directory, from);
            return new ConfigSource(from, false, List.of(), name, place);
        }
        Section source = environment.at(key, value, "a directory, or keys with values");
        source.rejectUnknown(List.of("from", "expand", "as", "allowSecrets"));
        String from = source.requireString("from", "name a directory, for example config/production");
        Names.path(source, "from", directory, from);
        boolean expand = source.flag("expand", false);
        String as = source.choice("as", List.of("env", "files"));
        if (as != null && source.has("expand") && expand != as.equals("env")) {
            throw source.mistake("as", "'as: " + as + "' and 'expand: " + expand + "' contradict each other")
                    .hint("`as: env` and `expand: true` mean the same; keep one of them");
        }
        return new ConfigSource(from, expand || "env".equals(as), source.strings("allowSecrets"), name, place);
    }

    /** What one environment says itself. */
    private record Piece(
            boolean isAbstract,
            List<String> parents,
            boolean parentsAreList,
            List<ConfigSource> config,
            List<Setting> settings) {

        static final Piece EMPTY = new Piece(false, List.of(), false, List.of(), List.of());
    }
}
