package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.common.document.YamlWriter;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a target directory: one file for people with the object itself, and one beside it, out of their way,
 * with what a server would know of it.
 *
 * @param directory the target directory
 */
record ObjectFiles(Path directory) {

    /** Where objects without a namespace are; no namespace can have this name. */
    private static final String CLUSTER_SCOPED = "_cluster";

    private static final int LONGEST_NAME = 200;

    private static final String SAFE_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    /**
     * An object and what is known of it.
     *
     * @param tree the object as its file has it
     * @param uid its incarnation
     * @param generation counts changes of anything but metadata, from 1
     * @param created when it was created, empty where it was not created by Lockstep
     * @param sets what each manager applied last
     */
    record Stored(
            Map<String, @Nullable Object> tree,
            String uid,
            long generation,
            String created,
            Map<String, Map<String, @Nullable Object>> sets) {

        /** Changes with every change, also one that was made by hand. */
        String resourceVersion() {
            return Sha256.hex(Json.canonical(tree) + uid + generation + Json.canonical(sets))
                    .substring(0, 16);
        }
    }

    Optional<Stored> read(ResourceKey key) {
        return DirectoryFiles.read(file(key)).map(content -> stored(key, content));
    }

    /** Lists what is there of a kind. */
    List<Map.Entry<ResourceKey, Stored>> list(String group, String kind, String namespace, boolean namespaced) {
        Path objects = directory.resolve("objects");
        List<String> namespaces;
        if (!namespaced) {
            namespaces = List.of("");
        } else if (namespace.isEmpty()) {
            namespaces = DirectoryFiles.children(objects).stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(CLUSTER_SCOPED))
                    .toList();
        } else {
            namespaces = List.of(namespace);
        }
        return namespaces.stream()
                .flatMap(name -> DirectoryFiles.list(kindDirectory("objects", group, kind, name), ".yaml").stream()
                        .flatMap(file -> entry(group, kind, name, file).stream()))
                .toList();
    }

    private Optional<Map.Entry<ResourceKey, Stored>> entry(String group, String kind, String namespace, Path file) {
        return DirectoryFiles.read(file).map(content -> {
            String name = Tree.text(tree(file, content), "metadata", "name");
            var key = new ResourceKey(group, kind, namespace, name);
            if (name.isEmpty() || !file(key).equals(file)) {
                throw misplaced(file, "its name is '" + name + "'");
            }
            return Map.entry(key, stored(key, content));
        });
    }

    private Stored stored(ResourceKey key, byte[] content) {
        Path file = file(key);
        Map<String, @Nullable Object> tree = tree(file, content);
        if (!Tree.text(tree, "kind").equals(key.kind())
                || !Tree.text(tree, "metadata", "name").equals(key.name())) {
            throw misplaced(file, "it holds another object");
        }
        Object known = known(key);
        Map<String, Map<String, @Nullable Object>> sets = new LinkedHashMap<>();
        Tree.map(known, "managers").forEach((manager, set) -> sets.put(manager, Tree.map(set)));
        String uid = Tree.text(known, "uid");
        return new Stored(
                tree,
                uid.isEmpty() ? foreignUid(file) : uid,
                Tree.integer(1, known, "generation"),
                Tree.text(known, "created"),
                sets);
    }

    private @Nullable Object known(ResourceKey key) {
        Path file = knownFile(key);
        Optional<byte[]> json = DirectoryFiles.read(file);
        try {
            return json.isEmpty() ? null : Json.read(new String(json.get(), StandardCharsets.UTF_8));
        } catch (DeliveryException e) {
            throw misplaced(file, e.what()).causedBy(e);
        }
    }

    /** A file that someone put there has no UID of ours; the same one each time is good enough. */
    private static String foreignUid(Path file) {
        return UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    void write(ResourceKey key, Stored stored) {
        boolean secret = key.group().isEmpty() && key.kind().equals("Secret");
        var known = new LinkedHashMap<String, @Nullable Object>();
        known.put("uid", stored.uid());
        known.put("generation", stored.generation());
        known.put("created", stored.created());
        known.put("managers", stored.sets());
        // In this order: who dies in between leaves fields without an owner, not an owner without fields.
        DirectoryFiles.write(file(key), YamlWriter.write(stored.tree()).getBytes(StandardCharsets.UTF_8), secret);
        DirectoryFiles.write(knownFile(key), (Json.writePretty(known) + "\n").getBytes(StandardCharsets.UTF_8), secret);
    }

    void delete(ResourceKey key) {
        DirectoryFiles.delete(file(key));
        DirectoryFiles.delete(knownFile(key));
    }

    /** Returns the file that people read. */
    Path file(ResourceKey key) {
        return kindDirectory("objects", key.group(), key.kind(), key.namespace())
                .resolve(fileName(key.name()) + ".yaml");
    }

    private Path knownFile(ResourceKey key) {
        return kindDirectory(".lockstep/objects", key.group(), key.kind(), key.namespace())
                .resolve(fileName(key.name()) + ".json");
    }

    private Path kindDirectory(String top, String group, String kind, String namespace) {
        return directory
                .resolve(top)
                .resolve(namespace.isEmpty() ? CLUSTER_SCOPED : DirectoryFiles.part("the namespace", namespace))
                .resolve(DirectoryFiles.part("the kind", group.isEmpty() ? kind : kind + "." + group));
    }

    /**
     * Returns the name of an object's file: the object's own name, letters that some file system does not take written
     * as {@code %XX}. No name of an object has a {@code %}, so that no two objects share a file.
     */
    private static String fileName(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.matches("(?s).*[/%\\p{Cntrl}].*")) {
            throw DeliveryException.of(Problem.CLUSTER_REJECTED, "'" + name + "' can't be the name of an object")
                    .hint("use lower-case letters, digits, dashes and dots");
        }
        var plain = new StringBuilder();
        for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
            boolean safe = SAFE_LETTERS.indexOf(letter) >= 0 || (letter == '.' && !plain.isEmpty());
            plain.append(safe ? String.valueOf((char) letter) : String.format("%%%02X", letter));
        }
        return plain.length() <= LONGEST_NAME
                ? plain.toString()
                : plain.substring(0, LONGEST_NAME - 33) + "-" + Sha256.hex(name).substring(0, 32);
    }

    private static Map<String, @Nullable Object> tree(Path file, byte[] content) {
        List<Document> documents = new DocumentReader().read(file.toString(), content);
        if (documents.size() != 1 || !(documents.get(0).tree() instanceof Map<?, ?> map)) {
            throw misplaced(file, "it does not hold one object");
        }
        return Tree.map(map);
    }

    private static DeliveryException misplaced(Path file, String why) {
        return DeliveryException.of(Problem.CLUSTER_REJECTED, "this file of the target directory can't be used")
                .where(file.toString())
                .why(why)
                .hint("someone changed it by hand: mend it, or delete it and deploy again");
    }
}
