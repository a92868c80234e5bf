package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.WarmUp;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: its sub-commands are the operations. */
@Command(
        name = "lockstep",
        versionProvider = LockstepCommand.Version.class,
        description = "Code, image, configuration and cluster move in lockstep with one VCS revision.",
        footer = {
            "",
            "Exit codes: 0 done, 1 a defect, 2 bad usage or input, 3 refused by a guard, 4 registry,",
            "5 cluster, 6 the rollout failed, 7 the rollout and the restore failed, 8 the answer is no,",
            "130 interrupted.",
            "",
            "Examples:",
            "  lockstep demo                        see the whole story, without a server",
            "  lockstep init                        write a project file that fits this repository",
            "  lockstep release staging             build this commit and run it in staging",
            "  lockstep rollback production         bring the previous good release back",
            "  lockstep COMMAND --help              what a command does, with examples"
        })
public final class LockstepCommand implements Runnable {

    /** By name, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    private static final List<String> HELP = List.of("-h", "--help");

    private static final List<String> VERSION = List.of("-V", "--version");

    @Mixin
    GlobalOptions options = new GlobalOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    final Shell shell;

    /** What is being loaded while the command line is read; null where nothing is. */
    @Nullable
    WarmUp warming;

    LockstepCommand(Shell shell) {
        this.shell = shell;
    }

    private static Map<String, Class<?>> commands() {
        var commands = new LinkedHashMap<String, Class<?>>();
        commands.put("init", InitCommand.class);
        commands.put("import", ImportCommand.class);
        commands.put("build", BuildCommand.class);
        commands.put("lock", LockCommand.class);
        commands.put("config", ConfigCommand.class);
        commands.put("plan", PlanCommand.class);
        commands.put("deploy", DeployCommand.class);
        commands.put("release", ReleaseCommand.class);
        commands.put("rollback", RollbackCommand.class);
        commands.put("hold", HoldCommand.class);
        commands.put("history", HistoryCommand.class);
        commands.put("status", StatusCommand.class);
        commands.put("verify", VerifyCommand.class);
        commands.put("gc", GcCommand.class);
        commands.put("keep", KeepCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("completion", CompletionCommand.class);
        return commands;
    }

    /** Returns every command with its options; parses, prints nothing. */
    static CommandLine commandLine(Shell shell) {
        return commandLine(shell, COMMANDS);
    }

    /**
     * Returns the commands that can have a part in this command line: to look at the options of all of them takes longer
     * than most commands do. Whatever is not plainly one command gets all.
     */
    private static Map<String, Class<?>> relevant(String... arguments) {
        if (arguments.length == 0) {
            return COMMANDS;
        }
        Class<?> named = COMMANDS.get(arguments[0]);
        return named == null ? COMMANDS : Map.of(arguments[0], named);
    }

    private static CommandLine commandLine(Shell shell, Map<String, Class<?>> commands) {
        var commandLine = new CommandLine(new LockstepCommand(shell));
        for (Map.Entry<String, Class<?>> command : commands.entrySet()) {
            commandLine.addSubcommand(command.getKey(), command.getValue());
        }
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(int.class, new WholeNumberConverter());
        commandLine.registerConverter(Integer.class, new WholeNumberConverter());
        commandLine.registerConverter(Path.class, new PathConverter());
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpAutoWidth(shell.terminal());
        return commandLine;
    }

    /** Runs one command line and returns its exit code. */
    static int run(Shell shell, String... arguments) {
        if (arguments.length == 1 && VERSION.contains(arguments[0])) {
            // What picocli would print as well, a fifth of a second later.
            shell.out().println(Version.text());
            return 0;
        }
        WarmUp warming = warmUp(List.of(arguments));
        CommandLine commandLine = commandLine(shell, relevant(arguments));
        LockstepCommand root = commandLine.getCommand();
        root.warming = warming;
        commandLine.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        boolean color = shell.wantsColor() && !List.of(arguments).contains("--no-color");
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF));
        var handlers = new Handlers(shell, root, commandLine);
        commandLine.setParameterExceptionHandler(handlers);
        commandLine.setExecutionStrategy(handlers);
        commandLine.setExecutionExceptionHandler(handlers);
        return commandLine.execute(arguments);
    }

    /** Begins with what the command that is named will need; a repository, and all but certainly a cluster. */
    private static @Nullable WarmUp warmUp(List<String> arguments) {
        Class<?> named = arguments.isEmpty() ? null : COMMANDS.get(arguments.get(0));
        if (named == null
                || !OperationCommand.class.isAssignableFrom(named)
                || arguments.stream().anyMatch(HELP::contains)) {
            return null;
        }
        boolean cluster = ClusterCommand.class.isAssignableFrom(named)
                && arguments.stream().noneMatch(argument -> argument.startsWith("--to"));
        return DeliveryFactory.warmUp(cluster);
    }

    @Override
    public void run() {
        throw DeliveryException.of(Problem.BAD_USAGE, "no command is given")
                .hint("lockstep --help lists them; lockstep demo shows what it is about");
    }

    private static DeliveryException usage(ParameterException failure) {
        String command = failure.getCommandLine().getCommandSpec().qualifiedName();
        var known = DeliveryException.of(Problem.BAD_USAGE, String.valueOf(failure.getMessage()))
                .hint("see " + command + " --help");
        if (failure.getArgSpec() instanceof OptionSpec option
                && option.typeInfo().isMap()
                && !(failure instanceof MissingParameterException)) {
            return DeliveryException.of(
                            Problem.BAD_USAGE,
                            "'" + failure.getValue() + "' is no " + option.paramLabel() + ", which "
                                    + option.longestName() + " takes")
                    .hint("see " + command + " --help");
        }
        if (failure instanceof UnmatchedArgumentException unmatched) {
            CommandLine commands = failure.getCommandLine();
            String word = unmatched.getUnmatched().get(0);
            if (!commands.getSubcommands().isEmpty() && (word.equals("help") || word.equals("version"))) {
                return DeliveryException.of(Problem.BAD_USAGE, "there is no command '" + word + "'")
                        .hint("write " + command + " --" + word);
            }
            if (!commands.getSubcommands().isEmpty() && !word.startsWith("-")) {
                return DeliveryException.of(Problem.BAD_USAGE, "there is no command '" + word + "'")
                        .hint(NearestWord.hint(word, commands.getSubcommands().keySet()));
            }
            if (!commands.getCommandSpec().root().equals(commands.getCommandSpec())
                    && ProjectsOptions.NAMES.contains(word)) {
                return DeliveryException.of(
                                Problem.BAD_USAGE,
                                "'" + command + "' is for one project, and " + word + " is for several")
                        .hint("choose the project with -C DIR or --file FILE");
            }
            if (word.equals("--plan")) {
                return DeliveryException.of(Problem.BAD_USAGE, "'" + command + "' takes no saved plan")
                        .hint("apply it with lockstep deploy ENV --plan FILE");
            }
            Optional<String> near = NearestWord.of(
                            word, commands.getCommandSpec().optionsMap().keySet())
                    .or(() -> unmatched.getSuggestions().stream().findFirst());
            if (near.isPresent()) {
                return known.hint("did you mean '" + near.get() + "'? See " + command + " --help");
            }
        }
        return known;
    }

    /** A class, since a lambda keeps picocli's own classes out of a class-data archive: they are of an old format. */
    private record Handlers(Shell shell, LockstepCommand root, CommandLine commandLine)
            implements IParameterExceptionHandler, IExecutionStrategy, IExecutionExceptionHandler {

        @Override
        public int handleParseException(ParameterException failure, String[] given) {
            // Parsing ended at the mistake: what stands behind it was not seen.
            root.options.json |= List.of(given).contains("--json");
            return new FailureReport(shell, root.options).print(usage(failure));
        }

        @Override
        public int execute(ParseResult parsed) {
            // Help for a command that is not there would look like an answer.
            if (!parsed.hasSubcommand() && !parsed.unmatched().isEmpty()) {
                throw new UnmatchedArgumentException(commandLine, parsed.unmatched());
            }
            return new CommandLine.RunLast().execute(parsed);
        }

        @Override
        public int handleExecutionException(Exception failure, CommandLine command, ParseResult result) {
            return new FailureReport(shell, root.options).print(failure);
        }
    }

    /** Tells the version that the jar's manifest holds. */
    static final class Version implements IVersionProvider {

        static String text() {
            String version = LockstepCommand.class.getPackage().getImplementationVersion();
            return "lockstep " + (version == null ? "(unpackaged)" : version);
        }

        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
