package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One or several kubeconfig files, merged as {@code kubectl} merges them: of entries of the same name the first wins, and
 * so does the first {@code current-context}.
 */
final class Kubeconfig {

    private final List<Path> files;
    private final Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();
    private @Nullable String currentContext;

    private Kubeconfig(List<Path> files) {
        this.files = List.copyOf(files);
        for (String section : List.of("contexts", "clusters", "users")) {
            sections.put(section, new LinkedHashMap<>());
        }
    }

    /** Reads the files; each must be there. */
    static Kubeconfig read(List<Path> files) {
        var config = new Kubeconfig(files);
        for (Path file : files) {
            try {
                for (Document document : new DocumentReader().read(file.toString(), Files.readAllBytes(file))) {
                    config.add(document);
                }
            } catch (NoSuchFileException e) {
                throw DeliveryException.of(Problem.BAD_USAGE, "there is no such kubeconfig file")
                        .where(file.toString())
                        .hint("check --kubeconfig")
                        .causedBy(e);
            } catch (IOException e) {
                throw DeliveryException.of(Problem.BAD_INPUT, "can't read the kubeconfig file")
                        .where(file.toString())
                        .why(e.getMessage())
                        .causedBy(e);
            }
        }
        return config;
    }

    private void add(Document document) {
        String current = Tree.text(document.tree(), "current-context");
        if (currentContext == null && !current.isEmpty()) {
            currentContext = current;
        }
        sections.forEach((section, entries) -> {
            List<?> list = Tree.list(document.tree(), section);
            for (int i = 0; i < list.size(); i++) {
                // contexts hold a "context", clusters a "cluster", users a "user"
                String word = section.substring(0, section.length() - 1);
                String path = section + "[" + i + "]";
                var content = Tree.map(list.get(i), word);
                entries.putIfAbsent(Tree.text(list.get(i), "name"), new Entry(document, path + "." + word, content));
            }
        });
    }

    /**
     * Finds a context.
     *
     * @param name null for the current one
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is none of that name
     */
    Context context(@Nullable String name) {
        String wanted = name != null ? name : currentContext;
        var known = section("contexts").keySet();
        if (wanted == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the kubeconfig has no current context")
                    .where(place())
                    .hint(
                            known.isEmpty()
                                    ? "it has no contexts at all"
                                    : "choose one with --context: " + String.join(", ", known));
        }
        Entry context = section("contexts").get(wanted);
        if (context == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the kubeconfig has no context '" + wanted + "'")
                    .where(place())
                    .hint(known.isEmpty() ? "it has no contexts at all" : NearestWord.hint(wanted, known));
        }
        Entry cluster = referred(context, "cluster", wanted);
        if (cluster == null) {
            throw context.mistake("context '" + wanted + "' names no cluster")
                    .hint("give it `cluster: NAME`, with a name from `clusters`");
        }
        return new Context(wanted, cluster, referred(context, "user", wanted), context.text("namespace"));
    }

    private @Nullable Entry referred(Entry context, String word, String contextName) {
        String name = context.text(word);
        if (name == null) {
            return null;
        }
        var known = section(word + "s");
        Entry entry = known.get(name);
        if (entry == null) {
            throw context.mistake("context '" + contextName + "' refers to the " + word + " '" + name
                            + "', which the kubeconfig does not have")
                    .hint(known.isEmpty() ? "it has none at all" : NearestWord.hint(name, known.keySet()));
        }
        return entry;
    }

    private Map<String, Entry> section(String name) {
        return sections.getOrDefault(name, Map.of());
    }

    private String place() {
        var names = new ArrayList<String>();
        files.forEach(file -> names.add(file.toString()));
        return String.join(", ", names);
    }

    /**
     * A context with what it refers to.
     *
     * @param user null where it names none
     * @param namespace null where it names none
     */
    record Context(String name, Entry cluster, @Nullable Entry user, @Nullable String namespace) {}

    /**
     * One named entry.
     *
     * @param document the file
     * @param path where in the file
     * @param content what is under the entry's own word
     */
    record Entry(Document document, String path, Map<String, @Nullable Object> content) {

        /** Returns a text, null where there is none or an empty one. */
        @Nullable
        String text(String key) {
            String text = Tree.text(content, key);
            return text.isEmpty() ? null : text;
        }

        boolean isTrue(String key) {
            return Tree.isTrue(content, key);
        }

        /** Returns the text of {@code KEY-data}, else of the file that {@code KEY} names; null where neither is there. */
        @Nullable
        String pem(String key) {
            String data = text(key + "-data");
            if (data != null) {
                try {
                    return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    throw mistake(key + "-data is not base64")
                            .hint("fetch the kubeconfig anew from who runs the cluster")
                            .causedBy(e);
                }
            }
            String file = text(key);
            if (file == null) {
                return null;
            }
            try {
                return new String(Files.readAllBytes(resolve(file)), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw document.mistake(path + "." + key, "can't read the file that " + key + " names")
                        .why(resolve(file) + (Files.exists(resolve(file)) ? ": " + e.getMessage() : " is not there"))
                        .causedBy(e);
            }
        }

        /** Returns the path of a file that the entry names: relative ones are relative to the kubeconfig. */
        Path resolve(String file) {
            Path kubeconfig = Path.of(document.file()).toAbsolutePath();
            return kubeconfig.resolveSibling(file).normalize();
        }

        /** Leaves the content out: a user's holds secrets. */
        @Override
        public String toString() {
            return "Entry[" + document.place(path) + "]";
        }

        DeliveryException mistake(String what) {
            return document.mistake(path, what);
        }
    }
}
