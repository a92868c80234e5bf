package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What runs where of one application, as a reader sees it now. */
@ExportedBean(defaultVisibility = 999)
public final class Board {

    private final RecordedProject project;
    private final List<BoardEnvironment> environments;
    private final Instant now;

    private Board(RecordedProject project, List<BoardEnvironment> environments, Instant now) {
        this.project = project;
        this.environments = List.copyOf(environments);
        this.now = now;
    }

    /** Reads the board of a store; null where no build ever kept anything there. Reads files alone. */
    public static @Nullable Board read(BoardStore store, Instant now) {
        RecordedProject project = store.project();
        if (project == null) {
            return null;
        }
        var recorded = new LinkedHashMap<String, RecordedEnvironment>();
        project.environments().forEach(stage -> {
            RecordedEnvironment found = store.environment(stage.name());
            recorded.put(stage.name(), found == null ? RecordedEnvironment.unseen(stage.name()) : found);
        });
        return of(project, recorded, now);
    }

    /**
     * Makes a board.
     *
     * @param recorded by name, one for each environment of the project
     */
    static Board of(RecordedProject project, Map<String, RecordedEnvironment> recorded, Instant now) {
        var environments = new ArrayList<BoardEnvironment>();
        for (RecordedProject.Stage stage : project.inOrder()) {
            RecordedEnvironment environment = recorded.get(stage.name());
            if (environment != null) {
                environments.add(new BoardEnvironment(
                        environment, stage.after(), incoming(project, stage, recorded), project.log(), now));
            }
        }
        return new Board(project, environments, now);
    }

    private static @Nullable Incoming incoming(
            RecordedProject project, RecordedProject.Stage stage, Map<String, RecordedEnvironment> recorded) {
        RecordedEnvironment before = stage.after() == null ? null : recorded.get(stage.after());
        String next = before == null ? project.revision() : running(before);
        RecordedEnvironment here = recorded.get(stage.name());
        if (next == null || here == null) {
            return null;
        }
        Shipment shipment = here.lookedAt() == null
                ? Shipment.unknown("nobody has looked at " + stage.name() + " yet")
                : project.log().shipment(running(here), next);
        return new Incoming(before == null ? null : before.name(), next, shipment);
    }

    private static @Nullable String running(RecordedEnvironment environment) {
        RecordedRelease current = environment.release(environment.current());
        return current == null ? null : current.revision();
    }

    /** Returns when the environment was looked at that nobody has looked at for longest; the epoch where nobody ever has. */
    public Instant oldestLook() {
        return environments.stream()
                .map(environment ->
                        environment.getLookedAt() == null ? Instant.EPOCH : Instant.parse(environment.getLookedAt()))
                .min(Instant::compareTo)
                .orElse(now);
    }

    @Exported
    public String getApp() {
        return project.app();
    }

    /** Returns the full id of the revision of the newest build. */
    @Exported
    public String getRevision() {
        return project.revision();
    }

    public String getShortRevision() {
        return Revision.shortId(project.revision());
    }

    /** Returns the first line of the message of what was built last, null where it is not known. */
    @Exported
    public @Nullable String getSubject() {
        Commit commit = project.log().find(project.revision());
        return commit == null ? null : commit.subject();
    }

    /** Returns the newest build's stable id. */
    @Exported
    public String getBuild() {
        return project.build();
    }

    /** Returns how long ago that was. */
    public String getBuiltAgo() {
        return Ages.ago(project.at(), now);
    }

    /** Returns the environments, each after the one that it waits for. */
    @Exported
    public List<BoardEnvironment> getEnvironments() {
        return environments;
    }

    /** Returns the environment of a name, null where there is none. */
    public @Nullable BoardEnvironment environment(String name) {
        return environments.stream()
                .filter(environment -> environment.getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
