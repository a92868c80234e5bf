package io.jenkins.plugins.lockstep.common.document;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.CharArrayReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads YAML 1.1 as Kubernetes does, and JSON, which is a part of it, into {@link Document}s.
 *
 * <p>Stateless: one instance may serve many threads.
 */
public final class DocumentReader {

    /** The API server refuses objects of more than 1.5 MiB; a file may hold many. */
    private static final int MOST_CODE_POINTS = 64 * 1024 * 1024;

    private static final int DEEPEST = 100;

    /** Of one document, aliases expanded. */
    private static final int MOST_NODES = 500_000;

    /** What YAML 1.1 calls a real number and SnakeYAML does not: without a dot, as in {@code 1e3}. */
    private static final Pattern EXPONENT = Pattern.compile("[-+]?[0-9]+[eE][-+]?[0-9]+");

    /**
     * Reads all documents of a file.
     *
     * @param file the path that errors name
     * @param content UTF-8 text
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file and line, where the text is no YAML
     */
    public List<Document> read(String file, byte[] content) {
        var options = new LoaderOptions();
        options.setCodePointLimit(MOST_CODE_POINTS);
        options.setNestingDepthLimit(DEEPEST);
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(50);
        options.setProcessComments(false);
        var documents = new ArrayList<Document>();
        var sources = new TemplateComments();
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            if (file.endsWith(".json")) {
                text = asYaml(text);
            }
            sources = TemplateComments.of(text);
            int number = 1;
            for (Node root : new Yaml(new SafeConstructor(options))
                    .composeAll(new CharArrayReader(text.array(), 0, text.limit()))) {
                documents.add(new Conversion(file, number++, sources, options).document(root));
            }
        } catch (CharacterCodingException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the file is not UTF-8 text")
                    .where(file)
                    .hint("save it as UTF-8")
                    .causedBy(e);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            String template = sources.at(line);
            String place = line == 0 ? file : file + ":" + line + (template == null ? "" : " (from " + template + ")");
            throw invalid(file, place, e.getProblem()).causedBy(e);
        } catch (YAMLException e) {
            throw invalid(file, file, e.getMessage()).causedBy(e);
        }
        return List.copyOf(documents);
    }

    private static DeliveryException invalid(String file, String place, @Nullable String why) {
        boolean json = file.endsWith(".json");
        return DeliveryException.of(Problem.BAD_INPUT, "this is not valid " + (json ? "JSON" : "YAML"))
                .where(place)
                .why(why)
                .hint(
                        why != null && why.contains("\\t(TAB)")
                                ? "indent with blanks"
                                : "look at this line and the one before: a quote, a bracket, a comma or a colon is"
                                        + " missing there, or there is one too many");
    }

    /**
     * Writes JSON so that YAML 1.1 takes it: it knows no escape {@code \\/}, and forbids tabs between tokens where JSON
     * forbids them everywhere else. Lines stay as they are.
     */
    private static CharBuffer asYaml(CharBuffer json) {
        CharBuffer yaml = CharBuffer.allocate(json.length());
        while (json.hasRemaining()) {
            char next = json.get();
            if (next == '\\' && json.hasRemaining()) {
                char escaped = json.get();
                if (escaped != '/') {
                    yaml.put(next);
                }
                yaml.put(escaped);
            } else {
                yaml.put(next == '\t' ? ' ' : next);
            }
        }
        return yaml.flip();
    }

    /** Turns one document's nodes into a tree; node by node, because only nodes know their lines. */
    private static final class Conversion extends SafeConstructor {

        private final String file;
        private final int number;
        private final TemplateComments sources;
        private final Map<String, Integer> lines = new LinkedHashMap<>();
        private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
        private int nodes;

        Conversion(String file, int number, TemplateComments sources, LoaderOptions options) {
            super(options);
            this.file = file;
            this.number = number;
            this.sources = sources;
        }

        Document document(Node root) {
            Object tree = convert(root, "");
            return new Document(file, number, tree, Map.copyOf(lines), template(root));
        }

        private @Nullable Object convert(Node node, String path) {
            // Aliases make a graph of the text: without a bound a few lines expand to gigabytes.
            if (!open.add(node) || ++nodes > MOST_NODES) {
                throw mistake(node, "an alias refers to itself, or aliases expand without bound")
                        .hint("write out what the alias stands for");
            }
            lines.putIfAbsent(path, node.getStartMark().getLine() + 1);
            try {
                if (!(node instanceof ScalarNode) && !Tag.MAP.equals(node.getTag()) && !Tag.SEQ.equals(node.getTag())) {
                    throw unknownTag(node);
                }
                if (node instanceof MappingNode mapping) {
                    return convertMapping(mapping, path);
                }
                if (node instanceof SequenceNode sequence) {
                    var list = new ArrayList<@Nullable Object>();
                    for (Node item : sequence.getValue()) {
                        list.add(convert(item, path + "[" + list.size() + "]"));
                    }
                    return list;
                }
                return convertScalar((ScalarNode) node);
            } finally {
                open.remove(node);
            }
        }

        private Map<String, @Nullable Object> convertMapping(MappingNode mapping, String path) {
            if (mapping.isMerged()) {
                flattenMapping(mapping);
            }
            var map = new LinkedHashMap<String, @Nullable Object>();
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw mistake(tuple.getKeyNode(), "a key must be a plain word")
                            .hint("put a text that begins with { or [ into quotes");
                }
                String name = key.getValue();
                String childPath = path.isEmpty() ? name : path + "." + name;
                if (map.containsKey(name)) {
                    throw mistake(key, "the key '" + name + "' stands here twice")
                            .hint("remove one of the two");
                }
                lines.put(childPath, key.getStartMark().getLine() + 1);
                map.put(name, convert(tuple.getValueNode(), childPath));
            }
            return map;
        }

        private @Nullable Object convertScalar(ScalarNode scalar) {
            Tag tag = scalar.getTag();
            if (Tag.TIMESTAMP.equals(tag)) {
                return scalar.getValue(); // JSON has no dates: Kubernetes sees a string too
            }
            if (Tag.BINARY.equals(tag)) {
                return scalar.getValue().replaceAll("\\s", "");
            }
            if (Tag.STR.equals(tag)
                    || Tag.NULL.equals(tag)
                    || Tag.BOOL.equals(tag)
                    || Tag.INT.equals(tag)
                    || Tag.FLOAT.equals(tag)) {
                try {
                    return jsonValue(scalar, constructObject(scalar));
                } catch (NumberFormatException e) {
                    throw mistake(scalar, "'" + scalar.getValue() + "' is not a number")
                            .hint("write it in quotes if it is a text");
                }
            }
            throw unknownTag(scalar);
        }

        /** Sees plain scalars as Kubernetes' own YAML reader does, which knows no base 60 and writes JSON. */
        private @Nullable Object jsonValue(ScalarNode scalar, @Nullable Object value) {
            if (value instanceof Number && scalar.getValue().indexOf(':') >= 0) {
                return scalar.getValue();
            }
            if (value instanceof String text
                    && scalar.isPlain()
                    && EXPONENT.matcher(text).matches()) {
                double number = Double.parseDouble(text);
                return Double.isInfinite(number) ? text : (Object) number;
            }
            if (value == null && Tag.BOOL.equals(scalar.getTag())) {
                throw mistake(scalar, "'" + scalar.getValue() + "' is neither true nor false")
                        .hint("write it in quotes if it is a text");
            }
            if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
                throw mistake(scalar, "'" + scalar.getValue() + "' is a number that JSON does not have")
                        .hint("write it in quotes if it is a text");
            }
            return value;
        }

        private DeliveryException unknownTag(Node node) {
            return mistake(node, "the tag " + node.getTag() + " is not known here")
                    .hint("leave the tag out: texts, numbers, lists and keys with values need none");
        }

        private @Nullable String template(Node node) {
            return sources.at(node.getStartMark().getLine() + 1);
        }

        private DeliveryException mistake(Node node, String what) {
            return DeliveryException.of(Problem.BAD_INPUT, what)
                    .where(new Document(
                                    file,
                                    number,
                                    null,
                                    Map.of("", node.getStartMark().getLine() + 1),
                                    template(node))
                            .place(""));
        }
    }
}
