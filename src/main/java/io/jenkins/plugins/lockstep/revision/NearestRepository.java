package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens the repository that is nearest above a directory, whichever system it is of.
 *
 * <p>Where one directory holds repositories of several systems, neither is guessed: their ids differ, and with them the
 * tag of everything that would be built. A person then says which, and that system alone is looked for.
 */
public final class NearestRepository implements RepositoryFinder {

    private final List<RepositorySystem> systems;
    private final String chooser;

    private NearestRepository(List<RepositorySystem> systems, String chooser) {
        this.systems = systems;
        this.chooser = chooser;
    }

    /**
     * Takes the systems to look for.
     *
     * @param chooser the environment variable that chooses one of them, for messages
     * @param choice its value: {@link Vcs#word()} of one system; null or empty for all
     * @throws DeliveryException {@link Problem#BAD_USAGE} where {@code choice} is no such word
     */
    public static NearestRepository of(List<RepositorySystem> systems, String chooser, @Nullable String choice) {
        if (choice == null || choice.isBlank()) {
            return new NearestRepository(List.copyOf(systems), chooser);
        }
        String wanted = choice.strip();
        List<RepositorySystem> chosen = systems.stream()
                .filter(system -> system.vcs().word().equals(wanted))
                .toList();
        if (chosen.isEmpty()) {
            List<String> words =
                    Arrays.stream(Vcs.values()).map(Vcs::word).sorted().toList();
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + wanted + "' is no version control system")
                    .where("the environment variable " + chooser)
                    .hint(NearestWord.hint(wanted, words));
        }
        return new NearestRepository(chosen, chooser);
    }

    @Override
    public Repository open(Path directory) {
        Path start = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(start)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "no such directory").where(start.toString());
        }
        for (Path at = realPath(start); at != null; at = at.getParent()) {
            Path here = at;
            List<RepositorySystem> found =
                    systems.stream().filter(system -> system.isAt(here)).toList();
            if (found.size() > 1) {
                throw severalAt(here, found);
            }
            if (found.size() == 1) {
                return found.get(0).open(start);
            }
        }
        throw DeliveryException.of(
                        Problem.BAD_INPUT,
                        "this is not inside a " + joined(systems.stream().map(system -> titled(system.vcs())))
                                + " repository")
                .where(start.toString())
                .why("neither it nor a directory above it holds "
                        + joined(systems.stream().map(RepositorySystem::marker)))
                .hint("run this inside the clone of your project, or name it with -C DIR");
    }

    private DeliveryException severalAt(Path directory, List<RepositorySystem> found) {
        String words =
                joined(found.stream().map(system -> chooser + "=" + system.vcs().word()));
        return DeliveryException.of(
                        Problem.BAD_INPUT,
                        "this is a "
                                + found.stream()
                                        .map(system -> titled(system.vcs()))
                                        .collect(Collectors.joining(" and a "))
                                + " repository at once")
                .where(directory.toString())
                .why("their ids differ, and the image's tag is the id")
                .hint("set " + words);
    }

    private static String joined(java.util.stream.Stream<String> words) {
        return words.collect(Collectors.joining(" or "));
    }

    private static String titled(Vcs vcs) {
        return vcs == Vcs.GIT ? "Git" : "Mercurial";
    }

    private static Path realPath(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            return directory;
        }
    }
}
