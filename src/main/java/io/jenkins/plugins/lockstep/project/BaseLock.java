package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Section;
import io.jenkins.plugins.lockstep.common.document.YamlWriter;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lock file of a project file: what its base images mean, by platform.
 *
 * @param bases {@code sha256:…} of manifests, by base as the project file writes it, and by platform
 */
public record BaseLock(SortedMap<String, SortedMap<String, String>> bases) {

    private static final Pattern EXTENSION = Pattern.compile("\\.(ya?ml|json)$");
    private static final Pattern PLATFORM = Pattern.compile("[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String AGAIN = "run 'lockstep lock', which writes the file, and commit it";

    /**
     * Returns the lock file's name or path, beside the project file: {@code lockstep.lock} for {@code lockstep.yaml},
     * {@code cart.lock} for {@code cart.yaml}.
     */
    public static String file(String projectFile) {
        return EXTENSION.matcher(projectFile).replaceFirst("") + ".lock";
    }

    /** Returns the digest of a base for a platform. */
    public Optional<String> find(String base, String platform) {
        Map<String, String> platforms = bases.get(base);
        return platforms == null ? Optional.empty() : Optional.ofNullable(platforms.get(platform));
    }

    /**
     * Reads a lock file.
     *
     * @param file the path that errors name
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file and line
     */
    public static BaseLock read(String file, byte[] content) {
        List<Document> documents = new DocumentReader().read(file, content);
        if (documents.size() != 1 || documents.get(0).tree() == null) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT,
                            "the lock file " + (documents.size() > 1 ? "has several documents" : "is empty"))
                    .where(file)
                    .hint(AGAIN);
        }
        Section top = Section.of(documents.get(0));
        String version = top.requireString("apiVersion", AGAIN);
        if (!version.equals(ProjectReader.API_VERSION)) {
            throw top.mistake("apiVersion", "the version '" + version + "' is not known")
                    .hint("this Lockstep reads " + ProjectReader.API_VERSION);
        }
        top.rejectUnknown(List.of("apiVersion", "bases"));
        SortedMap<String, SortedMap<String, String>> bases = new TreeMap<>();
        Section section = top.section("bases");
        if (section != null) {
            for (String base : section.keys()) {
                bases.put(base, platforms(section, base));
            }
        }
        return new BaseLock(bases);
    }

    private static SortedMap<String, String> platforms(Section bases, String base) {
        try {
            ImageReference.parse(base);
        } catch (DeliveryException e) {
            throw bases.mistake(base, e.what()).hint(AGAIN).causedBy(e);
        }
        SortedMap<String, String> platforms = new TreeMap<>();
        Section section = bases.section(base);
        if (section != null) {
            for (String platform : section.keys()) {
                String digest = section.string(platform);
                if (!PLATFORM.matcher(platform).matches()) {
                    throw section.mistake(platform, "'" + platform + "' is not a platform")
                            .hint(AGAIN);
                }
                if (digest == null || !DIGEST.matcher(digest).matches()) {
                    throw section.mistake(
                                    platform,
                                    "the digest of " + base + " for " + platform + " is not sha256 and 64"
                                            + " hex digits")
                            .hint(AGAIN);
                }
                platforms.put(platform, digest);
            }
        }
        return platforms;
    }

    /** Returns the text of the file, the same for the same content. */
    public String write(String projectFileName) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", ProjectReader.API_VERSION);
        tree.put("bases", bases);
        return "# What the base images of " + projectFileName + " are, by platform.\n"
                + "# Written by 'lockstep lock'; commit it, so that every build of a commit uses the same.\n"
                + YamlWriter.write(tree);
    }
}
