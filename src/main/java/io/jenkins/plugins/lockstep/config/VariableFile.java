package io.jenkins.plugins.lockstep.config;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code .env} and {@code .properties} files, with the line of each value. */
final class VariableFile {

    private static final Pattern NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final int LONGEST_NAME = 253;
    private static final Pattern ASSIGNMENT = Pattern.compile("(?:export\\s+)?([^=\\s]*)\\s*=\\s*(.*)", Pattern.DOTALL);
    private static final Pattern INLINE_COMMENT = Pattern.compile("(?:^|\\s)#.*$");

    /**
     * One value.
     *
     * @param line where it starts, from 1
     */
    record Variable(String name, String value, int line) {}

    private final String file;
    private final String[] lines;
    private final List<Variable> variables = new ArrayList<>();

    private VariableFile(String file, String text) {
        this.file = file;
        this.lines = text.split("\r\n|\r|\n", -1);
    }

    /** Tells whether a file is one that is loaded key by key. */
    static boolean isOne(String path) {
        return path.endsWith(".env") || path.endsWith(".properties");
    }

    /**
     * Reads a file.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file and line
     */
    static List<Variable> read(String file, byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the file is not UTF-8 text")
                    .where(file)
                    .why("its variables are loaded one by one")
                    .hint("save it as UTF-8")
                    .causedBy(e);
        }
        var reader = new VariableFile(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (file.endsWith(".properties")) {
            reader.readProperties();
        } else {
            reader.readEnv();
        }
        return reader.variables;
    }

    /** The syntax of {@link Properties#load(java.io.Reader)}, which reads each logical line here. */
    private void readProperties() {
        for (int i = 0; i < lines.length; i++) {
            int first = i;
            String start = lines[i].stripLeading();
            if (start.isEmpty() || start.startsWith("#") || start.startsWith("!")) {
                continue;
            }
            var logical = new StringBuilder(lines[i]);
            while (endsWithOpenBackslash(lines[i]) && i + 1 < lines.length) {
                logical.append('\n').append(lines[++i]);
            }
            var properties = new Properties();
            try {
                properties.load(new StringReader(logical.toString()));
            } catch (IllegalArgumentException e) {
                throw mistake(first, "this is not a Java property")
                        .why("a \\u is not followed by four hex digits")
                        .causedBy(e);
            } catch (IOException e) {
                throw new UncheckedIOException("a text in memory can be read", e);
            }
            for (String name : properties.stringPropertyNames()) {
                add(name, properties.getProperty(name), first);
            }
        }
    }

    private static boolean endsWithOpenBackslash(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 != 0;
    }

    private void readEnv() {
        for (int i = 0; i < lines.length; i++) {
            int first = i;
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (!assignment.matches()) {
                throw mistake(first, "this is not NAME=VALUE").hint("start a comment with #");
            }
            String value = assignment.group(2);
            if (!value.startsWith("\"") && !value.startsWith("'")) {
                add(
                        assignment.group(1),
                        INLINE_COMMENT.matcher(value).replaceFirst("").strip(),
                        first);
                continue;
            }
            var quoted = new StringBuilder(value);
            int end = closingQuote(quoted);
            while (end < 0 && i + 1 < lines.length) {
                quoted.append('\n').append(lines[++i]);
                end = closingQuote(quoted);
            }
            if (end < 0) {
                throw mistake(first, "the quote is never closed").hint("close it, or leave it out");
            }
            String rest = quoted.substring(end + 1).strip();
            if (!rest.isEmpty() && !rest.startsWith("#")) {
                throw mistake(i, "there is text after the closing quote")
                        .hint("put all of the value between the quotes; a comment starts with a blank and #");
            }
            String inner = quoted.substring(1, end);
            add(assignment.group(1), quoted.charAt(0) == '"' ? unescaped(inner) : inner, first);
        }
    }

    /** Returns the index of the quote that closes the one at the start, or -1. */
    private static int closingQuote(CharSequence text) {
        char quote = text.charAt(0);
        for (int i = 1; i < text.length(); i++) {
            if (quote == '"' && text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    private static String unescaped(String text) {
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next != '\\' || i + 1 == text.length()) {
                result.append(next);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'n' -> result.append('\n');
                case 'r' -> result.append('\r');
                case 't' -> result.append('\t');
                case '"', '\\', '$' -> result.append(escaped);
                default -> result.append(next).append(escaped);
            }
        }
        return result.toString();
    }

    private void add(String name, String value, int index) {
        if (!NAME.matcher(name).matches()
                || name.length() > LONGEST_NAME
                || name.startsWith("..")
                || name.equals(".")) {
            throw mistake(index, "'" + name + "' can't be the name of a variable")
                    .hint("use letters, digits, dashes, dots and underscores, no digit first, at most " + LONGEST_NAME);
        }
        if (value.indexOf('\0') >= 0) {
            throw mistake(index, "the value of '" + name + "' holds a NUL character, which no variable can")
                    .hint("mount the configuration as files instead");
        }
        variables.add(new Variable(name, value, index + 1));
    }

    private DeliveryException mistake(int index, String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(file + ":" + (index + 1));
    }
}
