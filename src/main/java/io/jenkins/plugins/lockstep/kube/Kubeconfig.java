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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One or several kubeconfig files, merged as {@code kubectl} merges them: of entries of the same name the first wins, and
 * so does the first {@code current-context}. Or the text of one that somebody configured, which may name nothing of this
 * machine.
 */
final class Kubeconfig {

    /** What names a file, or a command to run, for a cluster or a user. */
    private static final List<String> OF_THIS_MACHINE =
            List.of("certificate-authority", "client-certificate", "client-key", "tokenFile", "exec", "auth-provider");

    private final List<String> places;
    private final boolean ofFiles;
    private final Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();
    private @Nullable String currentContext;

    private Kubeconfig(List<String> places, boolean ofFiles) {
        this.places = List.copyOf(places);
        this.ofFiles = ofFiles;
        for (String section : List.of("contexts", "clusters", "users")) {
            sections.put(section, new LinkedHashMap<>());
        }
    }

    /** Reads the files; each must be there. */
    static Kubeconfig read(List<Path> files) {
        var config = new Kubeconfig(files.stream().map(Path::toString).toList(), true);
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

    /**
     * Reads a text that may name no files and no commands.
     *
     * @param place what messages call it
     */
    static Kubeconfig ofText(String place, String text) {
        var config = new Kubeconfig(List.of(place), false);
        try {
            new DocumentReader()
                    .read(place, text.getBytes(StandardCharsets.UTF_8))
                    .forEach(config::add);
        } catch (DeliveryException e) {
            // Not the parser's words, nor itself as the cause: both quote the text.
            throw DeliveryException.of(Problem.BAD_INPUT, "this is no kubeconfig that can be read")
                    .where(e.where())
                    .why("it is not valid YAML")
                    .hint("copy the whole file as it is: kubectl config view --raw --flatten --minify");
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
                entries.putIfAbsent(
                        Tree.text(list.get(i), "name"), new Entry(document, path + "." + word, content, ofFiles));
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
                                    : (ofFiles ? "choose one with --context: " : "choose one: ")
                                            + String.join(", ", known));
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
        Entry user = referred(context, "user", wanted);
        if (!ofFiles) {
            refuseOfThisMachine(cluster);
            if (user != null) {
                refuseOfThisMachine(user);
            }
        }
        return new Context(wanted, cluster, user, context.text("namespace"));
    }

    /** Whoever configured the text must not run or read anything with the rights of the machine that uses it. */
    private static void refuseOfThisMachine(Entry entry) {
        for (String key : OF_THIS_MACHINE) {
            if (entry.content().get(key) != null) {
                boolean runs = key.equals("exec") || key.equals("auth-provider");
                String what = runs ? "runs a command to log in" : "names a file";
                throw entry.mistakeAt(key, "the kubeconfig " + what + ", in " + key)
                        .why(
                                "a configured kubeconfig must hold all that it needs: nothing is run or read where it is used")
                        .hint(
                                runs
                                        ? "use a service account's token (docs/clusters.md)"
                                        : "put the content in: kubectl config view --raw --flatten --minify"
                                                + (key.equals("tokenFile")
                                                        ? " does not, so copy the token"
                                                        : " does it"));
            }
        }
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
        return String.join(", ", places);
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
     * @param mayNameFiles whether files that it names are read
     */
    record Entry(Document document, String path, Map<String, @Nullable Object> content, boolean mayNameFiles) {

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
            if (!mayNameFiles) {
                throw new IllegalStateException(path + " names a file, and none may be read for it");
            }
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

        DeliveryException mistakeAt(String key, String what) {
            return document.mistake(path + "." + key, what);
        }
    }
}
