package io.jenkins.plugins.lockstep.revision.hg;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Cuts what {@code hg} writes into fields, each of which a NUL ends, and hands them on row by row. */
final class Rows extends OutputStream {

    private final int width;
    private final Consumer<List<byte[]>> reader;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private List<byte[]> row = new ArrayList<>();

    /**
     * Starts with the first row.
     *
     * @param width fields of a row
     */
    Rows(int width, Consumer<List<byte[]>> reader) {
        this.width = width;
        this.reader = reader;
    }

    @Override
    public void write(int value) {
        if (value != 0) {
            field.write(value);
            return;
        }
        row.add(field.toByteArray());
        field.reset();
        if (row.size() == width) {
            reader.accept(row);
            row = new ArrayList<>();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }
}
