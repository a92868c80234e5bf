package io.jenkins.plugins.lockstep.common;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one failure of the engine: what happened, where, why, and what to do now.
 *
 * <p>Each front end has exactly one translator of it. None of the four texts may ever hold a secret.
 *
 * <pre>{@code
 * throw DeliveryException.of(Problem.BAD_INPUT, "no environment is named 'prod'")
 *         .where("lockstep.yaml:12")
 *         .hint("did you mean 'production'?");
 * }</pre>
 */
public final class DeliveryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final String what;
    private final @Nullable String where;
    private final @Nullable String why;
    private final @Nullable String hint;

    private DeliveryException(
            Problem problem,
            String what,
            @Nullable String where,
            @Nullable String why,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, cause);
        this.problem = problem;
        this.what = what;
        this.where = where;
        this.why = why;
        this.hint = hint;
    }

    /** Starts a failure; {@code what} is one clause without a full stop, in lower case. */
    public static DeliveryException of(Problem problem, String what) {
        return new DeliveryException(problem, what, null, null, null, null);
    }

    /** Returns a copy that names the place: a file with its line, an object, a server. */
    public DeliveryException where(@Nullable String place) {
        return new DeliveryException(problem, what, place, why, hint, getCause());
    }

    /** Returns a copy that names the reason as far as it is known. */
    public DeliveryException why(@Nullable String reason) {
        return new DeliveryException(problem, what, where, reason, hint, getCause());
    }

    /** Returns a copy that says what the reader can do now. */
    public DeliveryException hint(@Nullable String advice) {
        return new DeliveryException(problem, what, where, why, advice, getCause());
    }

    /** Returns a copy that keeps the technical cause for developers; users never see it unasked. */
    public DeliveryException causedBy(Throwable cause) {
        return new DeliveryException(problem, what, where, why, hint, cause);
    }

    public Problem problem() {
        return problem;
    }

    public String what() {
        return what;
    }

    public @Nullable String where() {
        return where;
    }

    public @Nullable String why() {
        return why;
    }

    public @Nullable String hint() {
        return hint;
    }

    /** Returns the JSON of the contract (design, section 3): {@code code}, {@code exit} and the four texts. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("code", problem.code());
        tree.put("exit", problem.exitCode());
        tree.put("what", what);
        tree.put("where", where);
        tree.put("why", why);
        tree.put("hint", hint);
        return tree;
    }

    /** Returns what, where and why in one line: {@code WHERE: WHAT: WHY}. */
    @Override
    public String getMessage() {
        var line = new StringBuilder();
        if (where != null) {
            line.append(where).append(": ");
        }
        line.append(what);
        if (why != null) {
            line.append(": ").append(why);
        }
        return line.toString();
    }
}
