package io.jenkins.plugins.lockstep.revision.hg;

import java.util.Optional;

/**
 * Mercurial's configuration files, as {@code hg help config.syntax} describes them.
 *
 * <p>{@code %include} is not followed: one value for a label is all that is wanted of them.
 */
final class Hgrc {

    private Hgrc() {}

    /** Returns the last value of {@code key} in {@code section}; empty where there is none or where it is unset again. */
    static Optional<String> value(String text, String section, String key) {
        String current = "";
        boolean open = false;
        StringBuilder value = null;
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (Character.isWhitespace(line.charAt(0))) {
                if (open && value != null) {
                    value.append('\n').append(line.strip());
                }
                continue;
            }
            open = false;
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                current = line.substring(1, Math.max(1, line.indexOf(']'))).strip();
            } else if (current.equals(section) && line.startsWith("%unset")) {
                value = line.substring("%unset".length()).strip().equals(key) ? null : value;
            } else if (current.equals(section)
                    && equals > 0
                    && line.substring(0, equals).strip().equals(key)) {
                value = new StringBuilder(line.substring(equals + 1).strip());
                open = true;
            }
        }
        return Optional.ofNullable(value).map(StringBuilder::toString).filter(found -> !found.isEmpty());
    }
}
