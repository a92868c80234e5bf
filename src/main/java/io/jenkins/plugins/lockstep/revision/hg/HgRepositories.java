package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds Mercurial repositories. Thread-safe: any number of threads may use one.
 *
 * <p>An opened one starts one process, with the first question that needs it, and ends it when it is closed.
 */
public final class HgRepositories implements RepositorySystem {

    private final Map<String, String> environment;
    private final List<RepositorySystem> systems;

    /**
     * Takes {@code hg} from {@code environment}.
     *
     * @param environment where {@code HG} or {@code PATH} say where the program is
     * @param others the systems that sub-repositories may be of, besides Mercurial
     */
    public HgRepositories(Map<String, String> environment, List<RepositorySystem> others) {
        this.environment = Map.copyOf(environment);
        this.systems = Stream.concat(Stream.of(this), others.stream()).toList();
    }

    @Override
    public Vcs vcs() {
        return Vcs.MERCURIAL;
    }

    @Override
    public String marker() {
        return HgLayout.MARKER;
    }

    @Override
    public boolean isAt(Path directory) {
        return HgLayout.isAt(directory);
    }

    @Override
    public Repository open(Path directory) {
        HgLayout layout = HgLayout.around(directory);
        return new HgRepository(layout, new HgClient(HgProgram.in(environment), layout.root()), systems);
    }
}
