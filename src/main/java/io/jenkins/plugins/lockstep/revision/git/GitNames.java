package io.jenkins.plugins.lockstep.revision.git;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** File names as Git keeps them, which are bytes, and as this Java sees them, which are text. */
final class GitNames {

    private GitNames() {}

    static boolean isUtf8(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Returns {@code name} for messages: where this Java could not show it, with octal numbers as Git does. */
    static String printable(byte[] name) {
        if (isVisible(name)) {
            return RevisionExpression.printable(new String(name, StandardCharsets.UTF_8));
        }
        var text = new StringBuilder();
        for (byte b : name) {
            int c = b & 0xff;
            text.append(c < ' ' || c > 126 ? String.format(Locale.ROOT, "\\%03o", c) : String.valueOf((char) c));
        }
        return text.toString();
    }

    /**
     * Tells whether this Java can open a file of this name: on Unix it turns names into bytes by the locale, and what the
     * locale does not have is not found, even if it is there.
     */
    static boolean isVisible(byte[] name) {
        if (File.separatorChar == '\\') {
            return isUtf8(name);
        }
        return isUtf8(name)
                && Charset.forName(locale()).newEncoder().canEncode(new String(name, StandardCharsets.UTF_8));
    }

    /** Returns the encoding that this Java has for names. */
    static String locale() {
        return System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name());
    }
}
