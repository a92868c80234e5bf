package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.deploy.Graces;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Environment.HistoryRule;
import io.jenkins.plugins.lockstep.project.Environment.HoldRule;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BundleWriter} wrote. Used once, by one thread. */
public final class BundleReader {

    /** The same as of a release in the ledger: more would not be a deploy but an attack on memory. */
    private static final long MOST_RELEASE_BYTES = 64L * 1024 * 1024;

    private static final long MOST_KEPT_CHARS = 1024L * 1024;

    private static final String MADE_AGAIN = "make the plan again: lockstep plan ENV --out FILE";

    private final String place;
    private final @Nullable String wanted;
    private final BundleLines lines;
    private final Map<String, BundledRelease> releases = new LinkedHashMap<>();
    private Bundle.Contents contents = Bundle.Contents.NONE;
    private List<String> ancestors = List.of();
    private RecentCommits commits = RecentCommits.NONE;
    private @Nullable OpenRelease open;
    private long kept;

    private BundleReader(String place, @Nullable String wanted, BundleLines lines) {
        this.place = place;
        this.wanted = wanted;
        this.lines = lines;
    }

    /**
     * Reads a bundle and checks all of it; keeps what one environment gets.
     *
     * @param stream compressed; stays open
     * @param place what errors call it
     * @param environment whose release is wanted; those of others are checked and left out
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is no bundle, of another version, cut short, damaged or
     *     too large
     */
    public static Bundle read(InputStream stream, String place, String environment) throws IOException {
        return new BundleReader(place, environment, new BundleLines(stream, place)).read();
    }

    /**
     * As {@link #read(InputStream, String, String)}, and keeps nobody's objects: there is never more than one in memory. Each
     * is looked at, because what a bundle says of its Secrets may be wrong.
     */
    public static Bundle readWithoutObjects(InputStream stream, String place) throws IOException {
        return new BundleReader(place, null, new BundleLines(stream, place)).read();
    }

    private Bundle read() throws IOException {
        Section header = header();
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.startsWith("{\"" + BundleFormat.END + "\":")) {
                finish(section(line, BundleFormat.END));
                return bundle(header);
            }
            lines.check(line);
            accept(line);
        }
        throw lines.cutShort();
    }

    private Section header() throws IOException {
        String line = lines.next();
        if (line == null || !line.startsWith("{\"format\":\"" + BundleFormat.NAME + "\"")) {
            throw lines.noBundle();
        }
        lines.check(line);
        Section header = Section.of(document(line));
        int version = number(header, "version");
        if (version != BundleFormat.VERSION) {
            throw lines.failure("the bundle has version " + version + " of its format")
                    .why("this Lockstep reads version " + BundleFormat.VERSION)
                    .hint("use the Lockstep that made it, or " + MADE_AGAIN);
        }
        return header;
    }

    private void accept(String line) {
        String sort = line.length() < 4 ? "" : line.substring(2, Math.max(2, line.indexOf('"', 2)));
        switch (sort) {
            case BundleFormat.ANCESTORS -> ancestors = ancestors(line);
            case BundleFormat.COMMITS -> commits = commits(line);
            case BundleFormat.LEFT_OUT -> {
                count(line);
                leftOut(section(line, sort));
            }
            case BundleFormat.RELEASE -> {
                count(line);
                begin(section(line, sort));
            }
            case BundleFormat.OBJECT, BundleFormat.PLAN, BundleFormat.CHANGE -> {
                if (open == null) {
                    throw lines.damaged("line " + lines.number() + " belongs to no release");
                }
                if (open.environment.equals(wanted)) {
                    open.accept(sort, section(line, sort), line.length());
                } else if (wanted == null && sort.equals(BundleFormat.OBJECT)) {
                    boolean secret = BundledRelease.isSecret(object(section(line, sort)));
                    contents = contents.with(open.environment, secret);
                }
            }
            default -> throw lines.damaged("line " + lines.number() + " is none that a bundle has");
        }
    }

    /** What is kept of every environment, wanted or not. */
    private void count(String line) {
        kept += line.length();
        if (kept > MOST_KEPT_CHARS) {
            throw lines.failure("the bundle is too large to be one")
                    .why("what it says of its environments is more than 1 MiB");
        }
    }

    private void begin(Section release) {
        close();
        open = new OpenRelease(release);
        contents = contents.with(open.environment, release.flag("secrets", false));
    }

    private void leftOut(Section problem) {
        close();
        contents = contents.without(text(problem, "environment"), text(problem, "why"));
    }

    private void close() {
        if (open != null && open.environment.equals(wanted)) {
            releases.put(open.environment, open.release());
        }
        open = null;
    }

    private void finish(Section end) throws IOException {
        if (!text(end, "sha256").equals(lines.checksum()) || number(end, "lines") != lines.number() - 1) {
            throw lines.damaged("its content does not match its checksum");
        }
        if (lines.next() != null) {
            throw lines.damaged("there is more after its end");
        }
        close();
    }

    private Bundle bundle(Section header) {
        if (ancestors.isEmpty() || !ancestors.get(0).equals(text(header, "revision"))) {
            throw lines.damaged("its ancestors are not those of its revision");
        }
        List<ReleasedImage> images = header.sections("images").stream()
                .map(image -> new ReleasedImage(text(image, "name"), ImageReference.parse(text(image, "image"))))
                .toList();
        releases.forEach((name, release) -> {
            if (!Seal.of(images, release.objects()).equals(release.seal())) {
                throw lines.damaged("what it has for " + name + " does not match its seal");
            }
        });
        var environments = new LinkedHashMap<String, Environment>();
        header.sections("environments").stream()
                .map(this::environment)
                .forEach(environment -> environments.put(environment.name(), environment));
        Section keep = header.at("keep", header.value("keep"), "keys with values");
        return new Bundle(
                text(header, "app"),
                text(header, "vcs"),
                new KnownAncestors(ancestors),
                header.flag("shallow", false),
                images,
                new Keep(number(keep, "releases"), number(keep, "days")),
                environments,
                commits,
                contents,
                releases,
                header.value("at") == null ? null : instant(header),
                header.string("by"));
    }

    private Instant instant(Section section) {
        try {
            return Instant.parse(text(section, "at"));
        } catch (DateTimeParseException e) {
            throw lines.damaged("'at' is no time").causedBy(e);
        }
    }

    private List<String> ancestors(String line) {
        List<String> ids = Section.of(document(line)).strings(BundleFormat.ANCESTORS);
        if (ids.size() > Bundle.MOST_ANCESTORS || !ids.stream().allMatch(Revision::isFullId)) {
            throw lines.damaged("its ancestors are not revisions");
        }
        return ids;
    }

    private RecentCommits commits(String line) {
        List<RecentCommits.Commit> all = Section.of(document(line)).sections(BundleFormat.COMMITS).stream()
                .map(commit -> new RecentCommits.Commit(
                        text(commit, "id"),
                        commit.strings("parents"),
                        Objects.requireNonNullElse(commit.string("author"), ""),
                        instant(commit),
                        Objects.requireNonNullElse(commit.string("subject"), "")))
                .toList();
        boolean ids = all.stream()
                .allMatch(commit -> Revision.isFullId(commit.id())
                        && commit.parents().stream().allMatch(Revision::isFullId));
        if (all.size() > RecentCommits.MOST || !ids) {
            throw lines.damaged("its commits are not revisions");
        }
        return new RecentCommits(all);
    }

    private Environment environment(Section section) {
        String name = text(section, "name");
        Section replicas = section.section("replicas");
        return new Environment(
                name,
                List.of(),
                section.string("namespace"),
                section.string("cluster"),
                replicas == null
                        ? null
                        : new Environment.ReplicaBounds(
                                number(replicas, "min"),
                                number(replicas, "max"),
                                replicas.integer("cpu", 0, Integer.MAX_VALUE)),
                section.string("after"),
                constant(HistoryRule.class, section, "history"),
                constant(HoldRule.class, section, "hold"),
                List.of(name),
                Environment.settingsOf(name, graces(section.section("graces"))));
    }

    private static Map<String, String> graces(@Nullable Section section) {
        var graces = new LinkedHashMap<String, String>();
        if (section != null) {
            section.rejectUnknown(Graces.NAMES);
            section.keys().forEach(name -> graces.put(name, text(section, name)));
        }
        return graces;
    }

    private <E extends Enum<E>> E constant(Class<E> type, Section section, String key) {
        try {
            return BundleFormat.constant(type, text(section, key));
        } catch (IllegalArgumentException e) {
            throw lines.damaged("'" + key + "' is none that this Lockstep knows")
                    .causedBy(e);
        }
    }

    private Section section(String line, String sort) {
        Section whole = Section.of(document(line));
        return whole.at(sort, whole.value(sort), "keys with values");
    }

    private Document document(String line) {
        try {
            return new Document(place, 1, Json.read(line), Map.of("", lines.number()));
        } catch (DeliveryException e) {
            throw lines.damaged("line " + lines.number() + " is no JSON").causedBy(e);
        }
    }

    private static String text(Section section, String key) {
        return section.requireString(key, MADE_AGAIN);
    }

    private static int number(Section section, String key) {
        section.require(key, MADE_AGAIN);
        Integer number = section.integer(key, 0, Integer.MAX_VALUE);
        return number == null ? 0 : number;
    }

    private static ResourceKey key(String group, Section section) {
        // Empty for cluster-scoped objects.
        String namespace = section.value("namespace") instanceof String text ? text : "";
        return new ResourceKey(group, text(section, "kind"), namespace, text(section, "name"));
    }

    private RenderedObject object(Section section) {
        String apiVersion = text(section, "apiVersion");
        if (!(section.value("tree") instanceof Map<?, ?>)) {
            throw lines.damaged("line " + lines.number() + " has no object");
        }
        ResourceKey key = key(ResourceKey.groupOf(apiVersion), section);
        Map<String, @Nullable Object> tree = Tree.map(section.value("tree"));
        requireIdentity(apiVersion, key, tree);
        return new RenderedObject(
                apiVersion, key, tree, section.integer("replicas", 0, Integer.MAX_VALUE), section.string("place"));
    }

    /** What may be written, and where to, is decided by the key; the server goes by what the object says of itself. */
    private void requireIdentity(String apiVersion, ResourceKey key, Map<String, @Nullable Object> tree) {
        if (!apiVersion.equals(Tree.text(tree, "apiVersion"))
                || !key.kind().equals(Tree.text(tree, "kind"))
                || !key.name().equals(Tree.text(tree, "metadata", "name"))
                || !key.namespace().equals(Tree.text(tree, "metadata", "namespace"))
                || !isPathSegment(key.name())
                || !isPathSegment(key.namespace())) {
            throw lines.damaged("line " + lines.number() + " is not the object that it says");
        }
    }

    /** As of the rules of the API server for every name: each is a part of a URL's path. */
    private static boolean isPathSegment(String name) {
        return !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf('%') < 0;
    }

    /** One release while its lines come. */
    private final class OpenRelease {

        private final Section head;
        private final String environment;
        private final List<RenderedObject> objects = new ArrayList<>();
        private final List<PlannedChange> changes = new ArrayList<>();
        private @Nullable Section plan;
        private long size;

        OpenRelease(Section head) {
            this.head = head;
            this.environment = text(head, "environment");
        }

        void accept(String sort, Section section, int length) {
            size += length;
            if (size > MOST_RELEASE_BYTES) {
                throw lines.failure("the bundle is too large to be one")
                        .why("what it has for " + environment + " is more than 64 MiB");
            }
            switch (sort) {
                case BundleFormat.OBJECT -> objects.add(object(section));
                case BundleFormat.PLAN -> plan = section;
                default -> changes.add(change(section));
            }
        }

        private PlannedChange change(Section section) {
            String group = section.value("group") instanceof String text ? text : "";
            return new PlannedChange(
                    constant(Operation.class, section, "operation"),
                    key(group, section),
                    section.sections("fields").stream()
                            .map(field -> new FieldChange(text(field, "path"), field.value("from"), field.value("to")))
                            .toList());
        }

        BundledRelease release() {
            Section saved = plan;
            return new BundledRelease(
                    text(head, "namespace"),
                    head.strings("configMaps"),
                    text(head, "seal"),
                    objects,
                    saved == null
                            ? null
                            : new SavedPlan(
                                    text(saved, "location"),
                                    saved.string("namespaceUid"),
                                    number(saved, "newestRelease"),
                                    saved.flag("takeOwnership", false),
                                    saved.flag("pruneData", false),
                                    new SecretMask(text(saved, "salt")),
                                    changes));
        }
    }
}
