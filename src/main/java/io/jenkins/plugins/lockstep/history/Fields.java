package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a map that a ledger kept, each checked when it is read. */
final class Fields {

    private final Map<?, ?> map;
    private final String place;

    private Fields(Map<?, ?> map, String place) {
        this.map = map;
        this.place = place;
    }

    static Fields of(@Nullable Object tree, String place) {
        if (tree instanceof Map<?, ?> map) {
            return new Fields(map, place);
        }
        throw damaged(place, "it is no map");
    }

    /** Returns the maps of a list; none where it is null. */
    static List<Fields> list(@Nullable Object tree, String place) {
        if (tree == null) {
            return List.of();
        }
        if (!(tree instanceof List<?> list)) {
            throw damaged(place, "it is no list");
        }
        var maps = new ArrayList<Fields>(list.size());
        list.forEach(item -> maps.add(of(item, place)));
        return maps;
    }

    String text(String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw damaged(name);
    }

    @Nullable
    String optionalText(String name) {
        return map.get(name) == null ? null : text(name);
    }

    int number(String name) {
        return wholeNumber(map.get(name), name);
    }

    private int wholeNumber(@Nullable Object value, String name) {
        if (value instanceof Number number && number.doubleValue() == number.intValue() && number.intValue() >= 0) {
            return number.intValue();
        }
        throw damaged(name);
    }

    @Nullable
    Integer optionalNumber(String name) {
        return map.get(name) == null ? null : Integer.valueOf(number(name));
    }

    boolean flag(String name) {
        if (map.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw damaged(name);
    }

    /** Returns false where there is none. */
    boolean optionalFlag(String name) {
        return map.get(name) != null && flag(name);
    }

    List<String> texts(String name) {
        if (!(map.get(name) instanceof List<?> list)) {
            throw damaged(name);
        }
        var texts = new ArrayList<String>(list.size());
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw damaged(name);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Returns an empty list where there is none. */
    List<String> optionalTexts(String name) {
        return map.get(name) == null ? List.of() : texts(name);
    }

    List<Integer> numbers(String name) {
        if (!(map.get(name) instanceof List<?> list)) {
            throw damaged(name);
        }
        var numbers = new ArrayList<Integer>(list.size());
        for (Object item : list) {
            numbers.add(wholeNumber(item, name));
        }
        return numbers;
    }

    List<Fields> maps(String name) {
        if (map.get(name) == null) {
            throw damaged(name);
        }
        return list(map.get(name), place);
    }

    /** Returns a map as it is; all maps of a tree have strings as keys. */
    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> tree(String name) {
        if (map.get(name) instanceof Map<?, ?> tree) {
            return (Map<String, @Nullable Object>) tree;
        }
        throw damaged(name);
    }

    @Nullable
    Fields optionalMap(String name) {
        return map.get(name) == null ? null : of(map.get(name), place);
    }

    DeliveryException damaged(String name) {
        return damaged(place, "its field '" + name + "' is missing or is not what it should be");
    }

    private static DeliveryException damaged(String place, String why) {
        return DeliveryException.of(Problem.BAD_INPUT, "this part of the ledger can't be read")
                .where(place)
                .why(why)
                .hint("someone changed it by hand, or a newer Lockstep wrote it: use that one");
    }
}
