package io.jenkins.plugins.lockstep.common.document;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes plain trees as YAML for people, such that every reader of YAML 1.1 or 1.2 gets the same tree back. */
public final class YamlWriter {

    /** Texts that no YAML reader takes for a number, a date or anything else, whatever its version. */
    private static final Pattern SURELY_TEXT = Pattern.compile("[A-Za-z/][A-Za-z0-9_./:@ -]+");

    private static final DumperOptions OPTIONS = options();

    private YamlWriter() {}

    /** Writes one document; keys in their order, text of several lines as a block. */
    public static String write(Map<String, @Nullable Object> tree) {
        return new Yaml(new PlainTrees(), OPTIONS).dump(tree);
    }

    private static DumperOptions options() {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setAllowUnicode(true);
        options.setDereferenceAliases(true); // people do not read anchors
        return options;
    }

    private static final class PlainTrees extends Representer {

        PlainTrees() {
            super(OPTIONS);
            // The library's own way with texts makes those with control characters binary data.
            representers.put(String.class, text -> representScalar(Tag.STR, (String) text, style((String) text)));
        }

        /** Returns what to try first; the emitter changes it where a text can't be written so. */
        private static ScalarStyle style(String text) {
            if (text.contains("\n")) {
                return ScalarStyle.LITERAL;
            }
            return SURELY_TEXT.matcher(text).matches() ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
        }
    }
}
