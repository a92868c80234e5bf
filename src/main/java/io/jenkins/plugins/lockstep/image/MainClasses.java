package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.List;

/** Finds the class that can be started: the one with {@code public static void main(String[])}. */
final class MainClasses {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int PUBLIC_STATIC = 0x0009;
    private static final int MOST_SHOWN = 10;

    private MainClasses() {}

    /**
     * Returns the only class that can be started.
     *
     * @param root what the classes' paths in the image begin with
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none, or several, which it names
     */
    static String only(List<ImageLayer.Entry> classes, String root, String field) {
        List<String> found = classes.stream()
                .filter(MainClasses::hasMain)
                .map(entry -> name(entry.target(), root))
                .distinct()
                .sorted()
                .toList();
        if (found.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no class can be started")
                    .where(field)
                    .why("none has a method 'public static void main(String[])'")
                    .hint("write 'main: com.example.Main', or an 'entrypoint:' of your own");
        }
        if (found.size() > 1) {
            int more = found.size() - MOST_SHOWN;
            throw DeliveryException.of(Problem.BAD_INPUT, found.size() + " classes can be started")
                    .where(field)
                    .why(String.join(", ", found.subList(0, Math.min(MOST_SHOWN, found.size())))
                            + (more > 0 ? " and " + more + " more" : ""))
                    .hint("say which: 'main: " + found.get(0) + "'");
        }
        return found.get(0);
    }

    private static String name(String target, String root) {
        return target.substring(root.length(), target.length() - ".class".length())
                .replace('/', '.');
    }

    private static boolean hasMain(ImageLayer.Entry entry) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(entry.source())))) {
            return in.readInt() == MAGIC && hasMain(in);
        } catch (EOFException | UTFDataFormatException e) {
            // What is cut short is no class that could be started.
            return false;
        } catch (IOException e) {
            throw SourceFiles.unreadable(entry.source(), e);
        }
    }

    /** Reads a class file (JVM specification, section 4.1) up to its methods; holds two sets of numbers. */
    private static boolean hasMain(DataInputStream in) throws IOException {
        in.skipNBytes(4);
        var main = new BitSet();
        var takesStrings = new BitSet();
        readConstants(in, main, takesStrings);
        in.skipNBytes(6);
        in.skipNBytes(2L * in.readUnsignedShort());
        skipMembers(in);
        for (int methods = in.readUnsignedShort(); methods > 0; methods--) {
            boolean started = (in.readUnsignedShort() & PUBLIC_STATIC) == PUBLIC_STATIC;
            started &= main.get(in.readUnsignedShort());
            started &= takesStrings.get(in.readUnsignedShort());
            if (started) {
                return true;
            }
            skipAttributes(in);
        }
        return false;
    }

    private static void readConstants(DataInputStream in, BitSet main, BitSet takesStrings) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            switch (in.readUnsignedByte()) {
                case 1 -> {
                    String text = in.readUTF();
                    main.set(i, text.equals("main"));
                    takesStrings.set(i, text.equals("([Ljava/lang/String;)V"));
                }
                case 5, 6 -> {
                    // Long and double take two numbers.
                    in.skipNBytes(8);
                    i++;
                }
                case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                default -> throw new EOFException("a constant of an unknown kind");
            }
        }
    }

    private static void skipMembers(DataInputStream in) throws IOException {
        for (int members = in.readUnsignedShort(); members > 0; members--) {
            in.skipNBytes(6);
            skipAttributes(in);
        }
    }

    private static void skipAttributes(DataInputStream in) throws IOException {
        for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
            in.skipNBytes(2);
            in.skipNBytes(Integer.toUnsignedLong(in.readInt()));
        }
    }
}
