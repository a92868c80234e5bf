package io.jenkins.plugins.lockstep.common.document;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON of plain trees (see the package description). */
public final class Json {

    // Gson instances are immutable and thread-safe.
    private static final Gson COMPACT = new GsonBuilder()
            .disableHtmlEscaping()
            .serializeNulls()
            .setStrictness(Strictness.STRICT)
            .setObjectToNumberStrategy(in -> number(in.nextString()))
            .create();
    private static final Gson PRETTY = COMPACT.newBuilder().setPrettyPrinting().create();

    private static final Pattern POSITION = Pattern.compile("line [0-9]+ column [0-9]+");

    private Json() {}

    /** Writes a tree in one line, keys in their order. */
    public static String write(@Nullable Object tree) {
        return COMPACT.toJson(tree);
    }

    /** Writes a tree for people, keys in their order. */
    public static String writePretty(@Nullable Object tree) {
        return PRETTY.toJson(tree);
    }

    /**
     * Writes a tree in the form that hashes are made of: keys sorted by UTF-16 code unit, no white space, numbers that
     * are equal written the same ({@code 1}, {@code 1.0} and {@code 1L} are {@code 1}).
     */
    public static String canonical(@Nullable Object tree) {
        return COMPACT.toJson(sorted(tree));
    }

    /**
     * Reads a JSON text into a tree of the types that the package description names.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the text is no JSON
     */
    public static @Nullable Object read(String text) {
        try {
            return COMPACT.fromJson(text, Object.class);
        } catch (JsonParseException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "this is not valid JSON")
                    .why(reason(e))
                    .causedBy(e);
        }
    }

    /** The library advises those who program with it; users want to know the place. */
    private static @Nullable String reason(JsonParseException failure) {
        Matcher position = POSITION.matcher(String.valueOf(failure.getMessage()));
        return position.find() ? "see " + position.group() : failure.getMessage();
    }

    /** Whole numbers come back in the type that YAML gives them, so that trees from both compare as equal. */
    private static Number number(String written) {
        try {
            BigInteger whole = new BigInteger(written);
            if (whole.bitLength() < Integer.SIZE) {
                return whole.intValue();
            }
            return whole.bitLength() < Long.SIZE ? whole.longValue() : whole;
        } catch (NumberFormatException e) {
            return Double.valueOf(written);
        }
    }

    private static @Nullable Object sorted(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            var sorted = new TreeMap<String, @Nullable Object>();
            map.forEach((key, value) -> sorted.put(String.valueOf(key), sorted(value)));
            return sorted;
        }
        if (tree instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        if (tree instanceof Number number) {
            return plain(number);
        }
        return tree;
    }

    private static Number plain(Number number) {
        if (number instanceof Double real && (real.isNaN() || real.isInfinite())) {
            return number;
        }
        BigDecimal exact = new BigDecimal(number.toString()).stripTrailingZeros();
        return exact.scale() <= 0 ? exact.toBigInteger() : exact;
    }
}
