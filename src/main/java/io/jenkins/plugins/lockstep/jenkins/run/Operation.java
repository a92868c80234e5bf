package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One operation as a user configured it: its kind, and its arguments by the names that steps and builders give them. Flat
 * texts alone, so that a running Pipeline keeps it over a restart and it crosses to an agent. Immutable; what the texts
 * mean is found out where the operation runs.
 */
public final class Operation implements Serializable {

    /** What can be asked for. */
    public enum Kind {
        BUILD(Need.WORKSPACE, Effect.NONE),
        CONFIG(Need.BUNDLE_OF_THE_REVISION, Effect.DEPLOYS),
        PLAN(Need.BUNDLE_OF_THE_REVISION, Effect.NONE),
        DEPLOY(Need.BUNDLE_OF_THE_REVISION, Effect.DEPLOYS),
        RELEASE(Need.WORKSPACE, Effect.DEPLOYS),
        ROLLBACK(Need.ANY_BUNDLE, Effect.ROLLS_BACK),
        HISTORY(Need.ANY_BUNDLE, Effect.NONE),
        STATUS(Need.ANY_BUNDLE, Effect.NONE),
        VERIFY(Need.ANY_BUNDLE, Effect.NONE),
        HOLD(Need.ANY_BUNDLE, Effect.DEPLOYS),
        KEEP(Need.ANY_BUNDLE, Effect.DEPLOYS),
        COLLECT(Need.ANY_BUNDLE, Effect.DEPLOYS);

        private final Need need;
        private final Effect effect;

        Kind(Need need, Effect effect) {
            this.need = need;
            this.effect = effect;
        }

        /** Returns the word that people and records use, for example {@code deploy}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        Need need() {
            return need;
        }
    }

    /** What an operation needs to know of the project. */
    enum Need {
        WORKSPACE,
        BUNDLE_OF_THE_REVISION,
        ANY_BUNDLE
    }

    private enum Effect {
        NONE,
        DEPLOYS,
        ROLLS_BACK
    }

    /** What a rollback goes back to where nothing is said. */
    public static final String PREVIOUS = "previous";

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final TreeMap<String, String> arguments;

    private Operation(Kind kind, Map<String, String> arguments) {
        this.kind = kind;
        this.arguments = new TreeMap<>(arguments);
    }

    /** Makes an operation without arguments. */
    public static Operation of(Kind kind) {
        return new Operation(kind, Map.of());
    }

    /** Returns a copy with an argument; null leaves it at its default. */
    public Operation with(String name, @Nullable String value) {
        var all = new TreeMap<>(arguments);
        if (value == null) {
            all.remove(name);
        } else {
            all.put(name, value);
        }
        return new Operation(kind, all);
    }

    /** Returns a copy with a flag. */
    public Operation with(String name, boolean value) {
        return with(name, value ? "true" : null);
    }

    /** Returns a copy whose arguments were each put through {@code expansion}; one that is empty then is left out. */
    public Operation expanded(UnaryOperator<String> expansion) {
        var all = new TreeMap<String, String>();
        arguments.forEach((name, value) -> {
            String expanded = expansion.apply(value).strip();
            if (!expanded.isEmpty()) {
                all.put(name, expanded);
            }
        });
        return new Operation(kind, all);
    }

    public Kind kind() {
        return kind;
    }

    /** Returns an argument, null where it is not given. */
    public @Nullable String text(String name) {
        return arguments.get(name);
    }

    /**
     * Returns a mandatory argument.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is not given
     */
    String require(String name) {
        String value = arguments.get(name);
        if (value == null || value.isBlank()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "nothing is given as " + name)
                    .hint("write " + name + ": '…'");
        }
        return value;
    }

    boolean flag(String name) {
        return "true".equals(arguments.get(name));
    }

    /**
     * Returns a number.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is none
     */
    int number(String name) {
        String text = require(name);
        try {
            return Integer.parseInt(text.startsWith("#") ? text.substring(1) : text);
        } catch (NumberFormatException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no number of a release")
                    .hint("lockstepHistory lists them")
                    .causedBy(e);
        }
    }

    /** Tells whether it makes a release, or tries to. */
    boolean releases() {
        return kind == Kind.DEPLOY || kind == Kind.RELEASE || (kind == Kind.ROLLBACK && !flag("check"));
    }

    /** Tells whether it needs the permission to deploy. */
    boolean deploys() {
        return kind.effect == Effect.DEPLOYS;
    }

    /** Tells whether it needs the permission to roll back. */
    boolean rollsBack() {
        return kind.effect == Effect.ROLLS_BACK && releases();
    }

    /** Tells whether it says itself which machine's files and clusters are meant, so that none that Jenkins knows is. */
    boolean namesItsPlace() {
        return arguments.containsKey("target")
                || arguments.containsKey("kubeconfig")
                || arguments.containsKey("context");
    }

    ProjectArguments project() {
        return new ProjectArguments(text("directory"), text("file"), text("revision"), text("repository"));
    }

    TargetArguments target() {
        return new TargetArguments(text("target"), text("kubeconfig"), text("context"), text("namespace"));
    }

    RolloutArguments rollout() {
        return new RolloutArguments(
                text("timeout"),
                text("lockTimeout"),
                text("onFailure"),
                flag("takeOwnership"),
                flag("pruneData"),
                flag("allowOlder"),
                flag("allowDiverged"),
                flag("skipGate"),
                text("fixes"),
                text("graces"));
    }

    @Override
    public String toString() {
        return kind.word() + " " + arguments;
    }
}
