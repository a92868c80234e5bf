package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.config.ConfigSource;
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

    private static final int MOST_REPLICAS = 1_000_000;

    private final String directory;

    EnvironmentsReader(String directory) {
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
        var whole = new HashMap<String, Piece>();
        var read = new LinkedHashMap<String, Environment>();
        for (Map.Entry<String, Piece> entry : pieces.entrySet()) {
            Piece piece = resolve(environments, entry.getKey(), pieces, whole, new LinkedHashSet<>());
            if (!entry.getValue().isAbstract()) {
                read.put(entry.getKey(), piece.environment(environments, entry.getKey()));
            }
        }
        pieces.forEach((name, piece) -> checkAfter(environments, name, piece, read.keySet()));
        return Collections.unmodifiableMap(read);
    }

    /** Combines a piece with those that it extends; {@code open} are the names on the way to this one. */
    private static Piece resolve(
            Section environments, String name, Map<String, Piece> pieces, Map<String, Piece> whole, Set<String> open) {
        Piece done = whole.get(name);
        if (done != null) {
            return done;
        }
        Piece own = pieces.get(name);
        if (own == null) {
            throw new IllegalStateException("no environment " + name);
        }
        open.add(name);
        Piece combined = Piece.EMPTY;
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
            combined = combined.then(resolve(environments, parent, pieces, whole, open));
        }
        open.remove(name);
        Piece piece = combined.then(own);
        whole.put(name, piece);
        return piece;
    }

    private static void checkAfter(Section environments, String name, Piece piece, Set<String> known) {
        String after = piece.after();
        if (after == null) {
            return;
        }
        if (after.equals(name)) {
            throw environments
                    .mistake(name + ".after", "the environment '" + name + "' can't come after itself")
                    .hint("name the environment that has a revision first, or leave the key out");
        }
        if (!known.contains(after)) {
            throw environments
                    .mistake(name + ".after", "no environment is named '" + after + "'")
                    .hint(NearestWord.hint(after, known));
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
        String namespace = section.string("namespace");
        if (namespace != null) {
            Names.label(section, "namespace", namespace, 63);
        }
        section.choice("history", List.of("any", "forward"));
        section.choice("hold", List.of("until-lifted", "until-descendant"));
        Replicas replicas = replicas(section);
        return new Piece(
                section.flag("abstract", false),
                parent == null ? section.strings("extends") : List.of(parent),
                parentsAreList,
                config(section),
                namespace,
                section.string("cluster"),
                replicas.min(),
                replicas.max(),
                section.string("after"));
    }

    private static Replicas replicas(Section environment) {
        if (environment.value("replicas") instanceof Integer) {
            Integer count = environment.integer("replicas", 0, MOST_REPLICAS);
            return new Replicas(count, count);
        }
        Section section = environment.section("replicas");
        if (section == null) {
            return new Replicas(null, null);
        }
        section.rejectUnknown(List.of("min", "max", "cpu"));
        section.integer("cpu", 1, 1_000);
        return new Replicas(section.integer("min", 0, MOST_REPLICAS), section.integer("max", 0, MOST_REPLICAS));
    }

    private List<ConfigSource> config(Section environment) {
        if (!environment.has("config")) {
            return List.of();
        }
        var sources = new ArrayList<ConfigSource>();
        if (environment.value("config") instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                sources.add(configSource(environment, "config[" + i + "]", items.get(i)));
            }
        } else {
            sources.add(configSource(environment, "config", environment.value("config")));
        }
        return List.copyOf(sources);
    }

    private ConfigSource configSource(Section environment, String key, @Nullable Object value) {
        String place = environment.place(key);
        if (value instanceof String from && !from.isBlank()) {
            Names.path(environment, key, directory, from);
            return new ConfigSource(from, false, List.of(), place);
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
        return new ConfigSource(from, expand || "env".equals(as), source.strings("allowSecrets"), place);
    }

    private record Replicas(@Nullable Integer min, @Nullable Integer max) {}

    /** What one environment says itself, or with all that it extends. */
    private record Piece(
            boolean isAbstract,
            List<String> parents,
            boolean parentsAreList,
            List<ConfigSource> config,
            @Nullable String namespace,
            @Nullable String cluster,
            @Nullable Integer min,
            @Nullable Integer max,
            @Nullable String after) {

        static final Piece EMPTY = new Piece(false, List.of(), false, List.of(), null, null, null, null, null);

        /** Returns this piece with a later one over it. */
        Piece then(Piece later) {
            var sources = new ArrayList<>(config);
            for (ConfigSource source : later.config) {
                if (!sources.contains(source)) { // two parents may share a parent
                    sources.add(source);
                }
            }
            return new Piece(
                    false,
                    List.of(),
                    false,
                    sources,
                    laterOf(namespace, later.namespace),
                    laterOf(cluster, later.cluster),
                    laterOf(min, later.min),
                    laterOf(max, later.max),
                    laterOf(after, later.after));
        }

        Environment environment(Section environments, String name) {
            ReplicaBounds bounds = null;
            if (min != null || max != null) {
                int most = max == null ? Integer.MAX_VALUE : max;
                int least = min == null ? Math.min(1, most) : min;
                if (least > most) {
                    throw environments
                            .mistake(
                                    name + ".replicas",
                                    "'" + name + "' has at least " + least + " and at most " + most + " replicas")
                            .hint("raise `max` or lower `min`; they may come from an environment that it extends");
                }
                bounds = new ReplicaBounds(least, most);
            }
            return new Environment(name, List.copyOf(config), namespace, cluster, bounds);
        }

        private static <T> @Nullable T laterOf(@Nullable T earlier, @Nullable T later) {
            return later == null ? earlier : later;
        }
    }
}
