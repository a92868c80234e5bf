package hudson;

import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class EnvVars extends TreeMap<String, String> {

    private static final long serialVersionUID = 1L;

    public EnvVars() {}

    public String expand(String s) {
        return Pattern.compile("\\$(\\w+)")
                .matcher(s)
                .replaceAll(variable -> Matcher.quoteReplacement(getOrDefault(variable.group(1), variable.group())));
    }
}
