package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code hg} and the surroundings that it runs in.
 *
 * <p>It is what the variable {@code HG} names, as Mercurial's own tools have it, or else the first {@code hg} on the
 * {@code PATH}. Relative directories of the {@code PATH} are passed over: what a checkout holds is not run.
 */
final class HgProgram {

    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** One with a folder in front is a path, as in a shell. */
    private static final Pattern PATH_LIKE = Pattern.compile(".*[/\\\\].*", Pattern.DOTALL);

    private final @Nullable String command;
    private final String searched;
    private final Map<String, String> variables;

    private HgProgram(@Nullable String command, String searched, Map<String, String> variables) {
        this.command = command;
        this.searched = searched;
        this.variables = variables;
    }

    /**
     * Finds the program.
     *
     * @param environment the variables to look in and to hand on; those that steer Mercurial are replaced
     */
    static HgProgram in(Map<String, String> environment) {
        String wanted = value(environment, "HG");
        String name = wanted == null ? "hg" : wanted;
        String path = value(environment, "PATH");
        // Without a PATH the operating system looks in its own places; with one, nowhere else.
        String command = PATH_LIKE.matcher(name).matches() || path == null
                ? name
                : onPath(path, name, environment).map(Path::toString).orElse(null);
        String searched = wanted == null ? "the PATH is " + (path == null ? "not set" : path) : "HG says " + wanted;
        return new HgProgram(command, searched, variables(environment));
    }

    /**
     * Starts it.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is not there
     */
    Process start(Path directory, List<String> arguments) {
        if (command == null) {
            throw missing();
        }
        var line = new ArrayList<String>();
        line.add(command);
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        try {
            return builder.start();
        } catch (IOException e) {
            throw missing().causedBy(e);
        }
    }

    private DeliveryException missing() {
        return DeliveryException.of(
                        Problem.BAD_INPUT, "this is a Mercurial repository, and the program hg can't be started")
                .where(command == null ? "hg" : command)
                .why(searched)
                .hint("install Mercurial on this machine, or let the environment variable HG name the program");
    }

    private static Map<String, String> variables(Map<String, String> environment) {
        var variables = new HashMap<String, String>();
        environment.forEach((name, value) -> {
            if (isHandedOn(name.toUpperCase(Locale.ROOT))) {
                variables.put(name, value);
            }
        });
        // The person's and the machine's configuration are not read, the repository's own neither.
        variables.put("HGRCPATH", "");
        variables.put("HGRCSKIPREPO", "1");
        variables.put("HGPLAIN", "+strictflags");
        variables.put("HGENCODING", "UTF-8");
        variables.put("HGENCODINGMODE", "strict");
        variables.put("LC_ALL", "C");
        return variables;
    }

    /** HG_PENDING and the like would show what is not committed yet; the others choose tools, languages, times. */
    private static boolean isHandedOn(String name) {
        return name.equals("HGMODULEPOLICY")
                || (Stream.of("HG", "CHG", "LC_", "LANG").noneMatch(name::startsWith) && !name.equals("PYTHONSTARTUP"));
    }

    private static Optional<Path> onPath(String path, String name, Map<String, String> environment) {
        List<String> endings = WINDOWS ? windowsEndings(environment) : List.of("");
        return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .flatMap(HgProgram::absolute)
                .flatMap(directory -> endings.stream().map(ending -> directory.resolve(name + ending)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Stream<Path> absolute(String directory) {
        try {
            return Stream.of(Path.of(directory)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }

    private static List<String> windowsEndings(Map<String, String> environment) {
        String endings = value(environment, "PATHEXT");
        return Arrays.stream((endings == null ? ".COM;.EXE;.BAT;.CMD" : endings).split(";"))
                .filter(ending -> !ending.isBlank())
                .toList();
    }

    /** Windows spells it Path, and means the same. */
    private static @Nullable String value(Map<String, String> environment, String name) {
        return environment.entrySet().stream()
                .filter(entry -> WINDOWS
                        ? entry.getKey().equalsIgnoreCase(name)
                        : entry.getKey().equals(name))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse(null);
    }
}
