package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code image:} and {@code images:}. */
final class ImagesReader {

    private static final List<String> KEYS = List.of(
            "repository",
            "base",
            "from",
            "dependencies",
            "main",
            "appRoot",
            "modules",
            "layers",
            "entrypoint",
            "command",
            "env",
            "user",
            "workdir",
            "ports",
            "platforms",
            "labels");

    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?");
    /** The binary name of a class (Java language specification, section 13.1), as a command takes it. */
    private static final Pattern CLASS = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

    /** Segments that every tool reads alike; a slash at the end says that it is a directory. */
    private static final Pattern PLACE = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[^/\\\\\0]+)+/?");

    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

    private final ProjectDirectory directory;

    ImagesReader(ProjectDirectory directory) {
        this.directory = directory;
    }

    Map<String, ImageDefinition> read(Section top, String app) {
        var images = new LinkedHashMap<String, ImageDefinition>();
        Section only = top.section("image");
        Section several = top.section("images");
        if (only != null && several != null) {
            throw top.mistake("images", "both 'image' and 'images' are given")
                    .hint("'image' is the short form for one; list all under 'images'");
        }
        if (only != null) {
            images.put(app, image(only, app));
        } else if (several != null) {
            var owners = new HashMap<String, String>();
            for (String name : several.keys()) {
                Names.label(several, name, name, 63);
                Section section = several.section(name);
                if (section == null) {
                    throw several.mistake(name, "the image '" + name + "' has no keys")
                            .hint("describe it as under `image:`, starting with `repository:`");
                }
                ImageDefinition image = image(section, name);
                String owner = owners.put(image.repository().repository(), name);
                if (owner != null) {
                    throw section.mistake(
                                    "repository", "the images '" + owner + "' and '" + name + "' share a repository")
                            .why("both would be tagged with the revision there")
                            .hint("give each image a repository of its own");
                }
                images.put(name, image);
            }
        }
        if (images.isEmpty()) {
            throw top.mistake("images", "the project has no image").hint("describe one under `image:`");
        }
        return Collections.unmodifiableMap(images);
    }

    private ImageDefinition image(Section section, String name) {
        section.rejectUnknown(KEYS);
        ImageDefinition.Application application = application(section);
        if (application == null && section.items("layers").isEmpty()) {
            throw section.mistake("from", "the image has no content")
                    .hint("write `from: target/app.jar`, or list files under `layers:`");
        }
        return new ImageDefinition(
                name,
                repository(section),
                base(section),
                application,
                layers(section),
                words(section, "entrypoint"),
                words(section, "command"),
                environment(section),
                user(section),
                workingDirectory(section),
                section.integers("ports", 1, 65_535),
                platforms(section),
                labels(section));
    }

    private ImageDefinition.@Nullable Application application(Section section) {
        if (!section.has("from")) {
            for (String key : List.of("dependencies", "main", "appRoot", "modules")) {
                if (section.has(key)) {
                    throw section.mistake(key, "'" + key + "' is given without 'from'")
                            .hint("name the application, for example `from: target/classes`; other files go to"
                                    + " `layers:`");
                }
            }
            return null;
        }
        List<String> from = paths(section, "from");
        if (from.isEmpty()) {
            throw section.mistake("from", "'from' is empty").hint("write `from: target/app.jar`");
        }
        String main = section.string("main");
        if (main != null && !CLASS.matcher(main).matches()) {
            throw section.mistake("main", "'" + main + "' is not the name of a class")
                    .hint("write it with its package, for example com.example.cart.Cart");
        }
        String root = section.string("appRoot");
        if (root != null) {
            absolute(section, "appRoot", root);
        }
        return new ImageDefinition.Application(
                from, paths(section, "dependencies"), main, root, texts(section, "modules"));
    }

    /** Returns paths inside the repository; one may stand alone. */
    private List<String> paths(Section section, String key) {
        List<String> paths = texts(section, key);
        paths.forEach(path -> Names.path(section, key, directory, path));
        return paths;
    }

    private static List<String> texts(Section section, String key) {
        if (!(section.value(key) instanceof List<?>)) {
            String only = section.string(key);
            return only == null ? List.of() : List.of(only);
        }
        return section.strings(key);
    }

    private static ImageReference repository(Section section) {
        String text =
                section.requireString("repository", "write REGISTRY/PATH, for example registry.example.com/shop/cart");
        ImageReference reference = reference(section, "repository", text);
        if (reference.tag() != null || reference.digest() != null) {
            throw section.mistake("repository", "the repository '" + text + "' has a tag or a digest")
                    .hint("write '" + reference.repository() + "': the tag is always the revision");
        }
        return reference;
    }

    private String base(Section section) {
        String base = section.requireString("base", "name an image, for example eclipse-temurin:17-jre, or scratch");
        String archive = Base.Archive.path(base);
        if (archive != null) {
            Names.path(section, "base", directory, archive);
        } else if (!base.equals(Base.SCRATCH)) {
            reference(section, "base", base);
        }
        return base;
    }

    private static ImageReference reference(Section section, String key, String text) {
        try {
            return ImageReference.parse(text);
        } catch (DeliveryException e) {
            throw section.mistake(key, e.what()).hint(e.hint()).causedBy(e);
        }
    }

    private List<ImageDefinition.Layer> layers(Section image) {
        var layers = new ArrayList<ImageDefinition.Layer>();
        for (Section layer : image.sections("layers")) {
            layer.rejectUnknown(List.of("from", "to", "mode"));
            String from = layer.requireString("from", "name a file or a directory");
            Names.path(layer, "from", directory, from);
            String to = layer.requireString("to", "name the place in the image, for example /app/");
            absolute(layer, "to", to);
            layers.add(new ImageDefinition.Layer(from, to, mode(layer)));
        }
        return List.copyOf(layers);
    }

    private static @Nullable Integer mode(Section layer) {
        if (!layer.has("mode")) {
            return null;
        }
        if (!(layer.value("mode") instanceof String mode) || !MODE.matcher(mode).matches()) {
            throw layer.mistake("mode", "the mode is not octal digits in quotes")
                    .hint("write mode: \"0755\"");
        }
        return Integer.valueOf(mode, 8);
    }

    private static @Nullable List<String> words(Section section, String key) {
        if (!section.has(key)) {
            return null;
        }
        if (section.value(key) instanceof String word) {
            if (word.isBlank() || word.chars().anyMatch(Character::isWhitespace)) {
                throw section.mistake(key, "'" + key + "' is one text with blanks")
                        .why("no shell takes it apart")
                        .hint("write a list: [\"java\", \"-jar\", \"/app/app.jar\"]");
            }
            return List.of(word);
        }
        return section.strings(key);
    }

    private static Map<String, String> environment(Section section) {
        Map<String, String> environment = section.texts("env");
        for (String name : environment.keySet()) {
            if (name.isBlank() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw section.mistake("env." + name, "'" + name + "' can't be the name of a variable")
                        .hint("leave '=' out of it");
            }
        }
        return environment;
    }

    private static @Nullable String user(Section section) {
        Integer id = section.value("user") instanceof Integer ? section.integer("user", 0, Integer.MAX_VALUE) : null;
        return id == null ? section.string("user") : id.toString();
    }

    private static @Nullable String workingDirectory(Section section) {
        String directory = section.string("workdir");
        if (directory != null) {
            absolute(section, "workdir", directory);
        }
        return directory;
    }

    private static void absolute(Section section, String key, String path) {
        if (!PLACE.matcher(path).matches()) {
            throw section.mistake(key, "'" + path + "' is not an absolute, plain path in the image")
                    .hint("start it with /, without `..`, `.`, `//` and backslashes");
        }
    }

    private static List<String> platforms(Section section) {
        List<String> platforms = section.strings("platforms");
        for (int i = 0; i < platforms.size(); i++) {
            if (!PLATFORM.matcher(platforms.get(i)).matches()) {
                throw section.mistake("platforms[" + i + "]", "'" + platforms.get(i) + "' is not a platform")
                        .hint("write OS/ARCHITECTURE, for example linux/amd64");
            }
            if (platforms.indexOf(platforms.get(i)) < i) {
                throw section.mistake("platforms[" + i + "]", "the platform '" + platforms.get(i) + "' is there twice")
                        .hint("name each one once");
            }
        }
        return platforms.isEmpty() ? List.of("linux/amd64") : platforms;
    }

    private static Map<String, String> labels(Section section) {
        Map<String, String> labels = section.texts("labels");
        var base = "it says what the image was built on";
        var ours = Map.of(
                "org.opencontainers.image.base.name",
                base,
                "org.opencontainers.image.base.digest",
                base,
                StoredImage.REVISION_LABEL,
                "it is the revision",
                "org.opencontainers.image.created",
                "it is the commit's time",
                "org.opencontainers.image.version",
                "write `version:` at the top of this file",
                "org.opencontainers.image.source",
                "write `source:` at the top of this file");
        for (String label : labels.keySet()) {
            String advice = ours.get(label);
            if (advice != null) {
                throw section.mistake("labels." + label, "the label '" + label + "' is set by Lockstep")
                        .hint(advice);
            }
        }
        return labels;
    }
}
