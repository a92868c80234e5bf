package io.jenkins.plugins.lockstep.jenkins.page;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.SimpleParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.BoardRelease;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepFolderProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jspecify.annotations.Nullable;

/**
 * The job that a folder names to roll back for the jobs in it. The nearest folder that names one counts.
 *
 * @param folder which names it
 * @param name its path as seen from the folder
 */
record RollbackJob(AbstractFolder<?> folder, String name) {

    private static final String ENVIRONMENT = "ENVIRONMENT";
    private static final String RELEASE = "RELEASE";
    private static final String REVISION = "REVISION";

    /** Returns the one for a job, null where no folder around it names one. */
    static @Nullable RollbackJob of(Job<?, ?> job) {
        Object place = job.getParent();
        while (place instanceof Item each) {
            if (each instanceof AbstractFolder<?> folder) {
                var property = folder.getProperties().get(LockstepFolderProperty.class);
                if (property != null && property.getRollbackJob() != null) {
                    return new RollbackJob(folder, property.getRollbackJob());
                }
            }
            place = each.getParent();
        }
        return null;
    }

    /**
     * Schedules it for the current user, with those of the parameters that it declares.
     *
     * @param to {@code previous}, {@code #N} or a revision
     * @return its address below the controller's root
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is not there, does not take the parameters, or can't be
     *     built
     */
    String schedule(Job<?, ?> job, String app, String environment, String to) {
        ItemGroup<?> place = folder;
        Job<?, ?> rollback = Jenkins.get().getItem(name, place, Job.class);
        if (rollback == null) {
            throw refused("there is no job '" + name + "' as seen from " + folder.getFullName()
                            + ", or you may not see it")
                    .hint("the folder's configuration names it as its rollback job");
        }
        rollback.checkPermission(Item.BUILD);
        var action = new ParametersAction(parameters(rollback, values(job, app, environment, to)));
        if (ParameterizedJobMixIn.scheduleBuild2(rollback, 0, action, new CauseAction(new Cause.UserIdCause()))
                == null) {
            throw refused(rollback.getFullName() + " can't be built now").hint("look whether it is disabled");
        }
        return rollback.getUrl();
    }

    private static List<ParameterValue> parameters(Job<?, ?> rollback, Map<String, String> values) {
        var property = rollback.getProperty(ParametersDefinitionProperty.class);
        List<String> declared = property == null ? List.of() : property.getParameterDefinitionNames();
        boolean target = declared.contains(RELEASE) || (declared.contains(REVISION) && values.containsKey(REVISION));
        if (property == null || !declared.contains(ENVIRONMENT) || !target) {
            throw refused(rollback.getFullName() + " does not take what a rollback needs")
                    .hint("give it the parameters " + ENVIRONMENT + " and " + RELEASE);
        }
        var parameters = new ArrayList<ParameterValue>();
        for (ParameterDefinition definition : property.getParameterDefinitions()) {
            String value = values.get(definition.getName());
            // Jenkins fills defaults in only where a build is given no parameters at all.
            ParameterValue given =
                    value == null ? definition.getDefaultParameterValue() : given(rollback, definition, value);
            if (given != null) {
                parameters.add(given);
            }
        }
        return parameters;
    }

    /** Lets a list of choices or of revisions refuse what it would refuse anybody. */
    private static ParameterValue given(Job<?, ?> rollback, ParameterDefinition definition, String value) {
        try {
            return definition instanceof SimpleParameterDefinition simple
                    ? simple.createValue(value)
                    : new StringParameterValue(definition.getName(), value);
        } catch (IllegalArgumentException e) {
            throw refused(rollback.getFullName() + " does not take '" + value + "' as " + definition.getName())
                    .why(e.getMessage())
                    .causedBy(e);
        }
    }

    private static Map<String, String> values(Job<?, ?> job, String app, String environment, String to) {
        var values = new LinkedHashMap<String, String>();
        values.put("JOB", job.getFullName());
        values.put("APP", app);
        values.put(ENVIRONMENT, environment);
        values.put(RELEASE, to);
        String revision = revision(job, app, environment, RollbackTarget.parse(to));
        if (revision != null) {
            values.put(REVISION, revision);
        }
        return values;
    }

    private static @Nullable String revision(Job<?, ?> job, String app, String environment, RollbackTarget to) {
        if (to instanceof RollbackTarget.ToRevision revision) {
            return revision.expression();
        }
        Board board = Board.read(Boards.store(job, app), Instant.now());
        BoardEnvironment recorded = board == null ? null : board.environment(environment);
        if (recorded == null) {
            return null;
        }
        BoardRelease release = to instanceof RollbackTarget.ToRelease named
                ? recorded.release(named.number())
                : recorded.getSuggested();
        return release == null ? null : release.getRevision();
    }

    private static DeliveryException refused(String what) {
        return DeliveryException.of(Problem.BAD_USAGE, what);
    }
}
