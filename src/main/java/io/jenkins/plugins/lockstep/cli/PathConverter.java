package io.jenkins.plugins.lockstep.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a path of this machine; says in words why one can't be. */
final class PathConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is no path of this machine (" + e.getReason()
                    + "); if it is right, its letters may be missing in this locale: set LC_ALL=C.UTF-8");
        }
    }
}
