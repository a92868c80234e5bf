package io.jenkins.plugins.lockstep.revision.git;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jgit.attributes.Attribute;
import org.eclipse.jgit.attributes.Attributes;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The id that {@code git add} would give to a file, by the rules of gitattributes(5) for {@code working-tree-encoding},
 * {@code text}, {@code eol} and {@code ident}, in that order; no filter's command is run.
 *
 * <p>JGit's own reading knows neither encodings nor {@code ident}, and looks at a file's first bytes alone to tell whether
 * it is text, where Git looks at all of them.
 */
final class CleanedContent {

    /** Encodings and {@code ident} are applied in memory; a larger file is taken as it is. */
    private static final int MOST_BYTES = 64 << 20;

    private static final Pattern IDENT = Pattern.compile("\\$Id:[^$\n]*\\$");

    /** What becomes of CRLF. */
    private enum LineEnds {
        KEEP,
        TO_LF,
        /** Where the file looks like text, and has not been committed with CRLF already. */
        TO_LF_IF_TEXT
    }

    /** A file, or what has been made of it. */
    private interface Content {
        InputStream open() throws IOException;
    }

    private final ObjectReader reader;
    private final LineEnds lineEnds;
    private final boolean ident;
    private final @Nullable String encoding;

    CleanedContent(ObjectReader reader, Attributes attributes, Config config) {
        this.reader = reader;
        this.lineEnds = lineEnds(attributes, config);
        this.ident = attributes.isSet("ident");
        this.encoding = attributes.getValue("working-tree-encoding");
    }

    /** {@code text} wins over its older name {@code crlf}, both over {@code eol}, and all over the configuration. */
    private static LineEnds lineEnds(Attributes attributes, Config config) {
        for (String name : new String[] {"text", "crlf"}) {
            Attribute.State state = attributes.getState(name);
            String value = attributes.getValue(name);
            if (state == Attribute.State.SET || "input".equals(value)) {
                return LineEnds.TO_LF;
            }
            if (state == Attribute.State.UNSET) {
                return LineEnds.KEEP;
            }
            if ("auto".equals(value)) {
                return LineEnds.TO_LF_IF_TEXT;
            }
        }
        String eol = attributes.getValue("eol");
        if ("lf".equals(eol) || "crlf".equals(eol)) {
            return LineEnds.TO_LF;
        }
        String configured = config.getString("core", null, "autocrlf");
        boolean converts = "input".equalsIgnoreCase(configured)
                || (configured != null && config.getBoolean("core", "autocrlf", false));
        return converts ? LineEnds.TO_LF_IF_TEXT : LineEnds.KEEP;
    }

    /** Returns the id of {@code file} as it would be added over {@code staged}. */
    ObjectId id(Path file, ObjectId staged) throws IOException {
        Content content = decoded(() -> Files.newInputStream(file), Files.size(file));
        if (convertsLineEnds(content, staged)) {
            Content before = content;
            content = () -> new LineFeeds(before.open());
        }
        return hash(collapsed(content));
    }

    private Content decoded(Content content, long size) throws IOException {
        if (encoding == null || size > MOST_BYTES) {
            return content;
        }
        byte[] bytes = bytes(content);
        byte[] decoded = decoded(bytes, encoding.toUpperCase(Locale.ROOT));
        return () -> new ByteArrayInputStream(decoded);
    }

    /** What Git can't decode, it leaves as it is. */
    private static byte[] decoded(byte[] bytes, String encoding) {
        boolean marked = bytes.length > 1
                && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
                        || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe)
                        || (bytes.length > 3 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == (byte) 0xfe));
        boolean mustBeMarked = encoding.equals("UTF-16") || encoding.equals("UTF-32");
        boolean mustNotBeMarked = encoding.matches("UTF-(16|32)[BL]E");
        if ((mustBeMarked && !marked) || (mustNotBeMarked && marked)) {
            return bytes;
        }
        try {
            Charset charset = Charset.forName(encoding.equals("UTF-16LE-BOM") ? "UTF-16" : encoding);
            // A new decoder reports what it can't read, unlike a String.
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(charset.newDecoder().decode(ByteBuffer.wrap(bytes)));
            byte[] decoded = new byte[encoded.remaining()];
            encoded.get(decoded);
            return decoded;
        } catch (CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            return bytes;
        }
    }

    private boolean convertsLineEnds(Content content, ObjectId staged) throws IOException {
        if (lineEnds != LineEnds.TO_LF_IF_TEXT) {
            return lineEnds == LineEnds.TO_LF;
        }
        TextStatistics present = statistics(content);
        return present.hasCrlf() && !present.isBinary() && !isStagedWithCrlf(staged);
    }

    private boolean isStagedWithCrlf(ObjectId staged) throws IOException {
        TextStatistics before =
                statistics(() -> reader.open(staged, Constants.OBJ_BLOB).openStream());
        return before.hasCrlf() && !before.isBinary();
    }

    private static TextStatistics statistics(Content content) throws IOException {
        try (InputStream in = new BufferedInputStream(content.open())) {
            return TextStatistics.of(in);
        }
    }

    private Content collapsed(Content content) throws IOException {
        if (!ident || length(content) > MOST_BYTES) {
            return content;
        }
        String text = new String(bytes(content), StandardCharsets.ISO_8859_1);
        byte[] collapsed = IDENT.matcher(text).replaceAll("\\$Id\\$").getBytes(StandardCharsets.ISO_8859_1);
        return () -> new ByteArrayInputStream(collapsed);
    }

    private static byte[] bytes(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    private static long length(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static ObjectId hash(Content content) throws IOException {
        long length = length(content);
        try (InputStream in = content.open();
                var formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, length, in);
        }
    }

    /** What Git counts to tell text from anything else ({@code gather_stats} in its convert.c). */
    private record TextStatistics(long crlf, long loneCr, long nul, long printable, long nonPrintable) {

        static TextStatistics of(InputStream in) throws IOException {
            long crlf = 0;
            long loneCr = 0;
            long nul = 0;
            long printable = 0;
            long nonPrintable = 0;
            int before = -1;
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (before == '\r') {
                    if (c == '\n') {
                        crlf++;
                    } else {
                        loneCr++;
                    }
                }
                if (c == '\b' || c == '\t' || c == '\f' || c == 27 || (c >= ' ' && c != 127)) {
                    printable++;
                } else if (c != '\r' && c != '\n') {
                    nonPrintable++;
                    nul += c == 0 ? 1 : 0;
                }
                before = c;
            }
            if (before == '\r') {
                loneCr++;
            }
            // A last Ctrl-Z is the end of a DOS file.
            return new TextStatistics(crlf, loneCr, nul, printable, before == 26 ? nonPrintable - 1 : nonPrintable);
        }

        boolean hasCrlf() {
            return crlf > 0;
        }

        boolean isBinary() {
            return loneCr > 0 || nul > 0 || printable >> 7 < nonPrintable;
        }
    }

    /** Takes the CR of every CRLF away. */
    private static final class LineFeeds extends InputStream {

        private final InputStream in;
        private int next;

        LineFeeds(InputStream in) throws IOException {
            this.in = new BufferedInputStream(in);
            this.next = this.in.read();
        }

        @Override
        public int read() throws IOException {
            int c = next;
            if (c >= 0) {
                next = in.read();
            }
            if (c == '\r' && next == '\n') {
                c = next;
                next = in.read();
            }
            return c;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            int count = 0;
            while (count < length) {
                int c = read();
                if (c < 0) {
                    return count == 0 ? -1 : count;
                }
                target[offset + count++] = (byte) c;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
