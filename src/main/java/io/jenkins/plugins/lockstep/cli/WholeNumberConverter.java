package io.jenkins.plugins.lockstep.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number; says in words why a text is none. */
final class WholeNumberConverter implements ITypeConverter<Integer> {

    @Override
    public Integer convert(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    text.matches("[+-]?[0-9]+")
                            ? "'" + text + "' is too large"
                            : "'" + text + "' is not a whole number");
        }
    }
}
