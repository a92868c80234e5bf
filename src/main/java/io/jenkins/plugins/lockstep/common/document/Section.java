package io.jenkins.plugins.lockstep.common.document;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a document, read key by key; every mistake names file, line and what was expected.
 *
 * <p>A key without a value ({@code config:}) counts as absent. Throughout, {@link DeliveryException} is
 * {@link Problem#BAD_INPUT}.
 */
public final class Section {

    /** Without the value: what was written ({@code 1.10}, {@code yes}, {@code 0123}) is not what was read. */
    private static final String QUOTES = "write it in quotes, just as it is to be read";

    private final Document document;
    private final String path;
    private final Map<?, ?> map;

    private Section(Document document, String path, Map<?, ?> map) {
        this.document = document;
        this.path = path;
        this.map = map;
    }

    /**
     * Opens the top of a document.
     *
     * @throws DeliveryException where it is no mapping
     */
    public static Section of(Document document) {
        if (document.tree() instanceof Map<?, ?> map) {
            return new Section(document, "", map);
        }
        throw document.mistake("", "expected keys with values, found " + describe(document.tree()))
                .hint("write `key: value` lines");
    }

    /** Returns the keys in the order of the file. */
    public Set<String> keys() {
        var keys = new LinkedHashMap<String, Boolean>();
        map.keySet().forEach(key -> keys.put(String.valueOf(key), true));
        return Collections.unmodifiableSet(keys.keySet());
    }

    public boolean has(String key) {
        return map.get(key) != null;
    }

    /** Returns what stands under a key as a plain tree. */
    public @Nullable Object value(String key) {
        return map.get(key);
    }

    /** Returns {@code FILE:LINE} of a key, or of the section where it has no such key. */
    public String place(String key) {
        return document.place(pathOf(key));
    }

    /** Starts the failure for a mistake in the value of a key. */
    public DeliveryException mistake(String key, String what) {
        return document.mistake(pathOf(key), what);
    }

    /** Refuses every key that is not among {@code known}, with the nearest known word. */
    public void rejectUnknown(Collection<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw mistake(
                                key,
                                "the key '" + key + "' is not known " + (path.isEmpty() ? "here" : "in '" + path + "'"))
                        .hint(NearestWord.hint(key, known));
            }
        }
    }

    /** Refuses the section where it has no {@code key}. */
    public void require(String key, String hint) {
        if (!has(key)) {
            throw mistake(key, "'" + pathOf(key) + "' is missing").hint(hint);
        }
    }

    /** Returns a text, or null where the key is absent. An empty text is refused. */
    public @Nullable String string(String key) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw expected(key, "a text", value);
        }
        if (text.isBlank()) {
            throw mistake(key, "'" + pathOf(key) + "' is empty").hint("give it a value, or leave the key out");
        }
        return text;
    }

    /** Returns a text that must be there. */
    public String requireString(String key, String hint) {
        require(key, hint);
        String text = string(key);
        if (text == null) {
            throw new IllegalStateException("required and there: " + key);
        }
        return text;
    }

    /** Returns a whole number, or null where the key is absent. */
    public @Nullable Integer integer(String key, int least, int most) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer number)) {
            throw expected(key, "a whole number from " + least + " to " + most, value);
        }
        return inRange(key, number, least, most);
    }

    /** Returns true or false, {@code byDefault} where the key is absent. */
    public boolean flag(String key, boolean byDefault) {
        Object value = map.get(key);
        if (value == null) {
            return byDefault;
        }
        if (!(value instanceof Boolean flag)) {
            throw expected(key, "true or false", value);
        }
        return flag;
    }

    /** Returns one of several words, or null where the key is absent. */
    public @Nullable String choice(String key, List<String> words) {
        String word = string(key);
        if (word != null && !words.contains(word)) {
            throw mistake(key, "'" + pathOf(key) + "' can't be '" + word + "'").hint(NearestWord.hint(word, words));
        }
        return word;
    }

    /** Returns a list of texts, empty where the key is absent. */
    public List<String> strings(String key) {
        var texts = new ArrayList<String>();
        List<?> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof String text) || text.isBlank()) {
                throw expected(key + "[" + i + "]", "a text", items.get(i));
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** Returns a list of whole numbers, empty where the key is absent. */
    public List<Integer> integers(String key, int least, int most) {
        var numbers = new ArrayList<Integer>();
        List<?> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            String item = key + "[" + i + "]";
            if (!(items.get(i) instanceof Integer number)) {
                throw expected(item, "a whole number from " + least + " to " + most, items.get(i));
            }
            numbers.add(inRange(item, number, least, most));
        }
        return List.copyOf(numbers);
    }

    /** Returns texts by name, in the order of the file, empty where the key is absent. */
    public Map<String, String> texts(String key) {
        var texts = new LinkedHashMap<String, String>();
        Section section = section(key);
        if (section != null) {
            section.map.forEach((name, value) -> {
                if (!(value instanceof String text)) {
                    throw section.expected(String.valueOf(name), "a text", value);
                }
                texts.put(String.valueOf(name), text);
            });
        }
        return Collections.unmodifiableMap(texts);
    }

    /** Returns a mapping, or null where the key is absent. */
    public @Nullable Section section(String key) {
        Object value = map.get(key);
        return value == null ? null : at(key, value, "keys with values");
    }

    /**
     * Opens a value of this section, such as an item of a list of mixed types, as a mapping.
     *
     * @param key the value's path below this section
     * @param orElse what the value may be, for the failure where it is no mapping
     */
    public Section at(String key, @Nullable Object value, String orElse) {
        if (!(value instanceof Map<?, ?> section)) {
            throw expected(key, orElse, value);
        }
        return new Section(document, pathOf(key), section);
    }

    /** Returns the mappings of a list, empty where the key is absent. */
    public List<Section> sections(String key) {
        var sections = new ArrayList<Section>();
        List<?> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            sections.add(at(key + "[" + i + "]", items.get(i), "keys with values"));
        }
        return List.copyOf(sections);
    }

    /** Returns a list's items as plain trees, empty where the key is absent. */
    public List<?> items(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            throw expected(key, "a list", value);
        }
        return items;
    }

    /** Starts the failure for a value of the wrong type. */
    public DeliveryException expected(String key, String what, @Nullable Object found) {
        DeliveryException mistake =
                mistake(key, "'" + pathOf(key) + "' must be " + what + ", but is " + describe(found));
        return mistake.hint(
                what.equals("a text") && (found instanceof Number || found instanceof Boolean)
                        ? QUOTES
                        : "write " + what + " there");
    }

    private int inRange(String key, int number, int least, int most) {
        if (number < least || number > most) {
            throw mistake(key, "'" + pathOf(key) + "' must be from " + least + " to " + most + ", but is " + number)
                    .hint("write a whole number of that range");
        }
        return number;
    }

    private String pathOf(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    private static String describe(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof Map) {
            return "keys with values";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof String text) {
            return text.isBlank() ? "empty" : "the text '" + shortened(text) + "'";
        }
        return (value instanceof Boolean ? "" : "the number ") + shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
