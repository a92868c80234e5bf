package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: its sub-commands are the operations. */
@Command(
        name = "lockstep",
        versionProvider = LockstepCommand.Version.class,
        description = "Code, image, configuration and cluster move in lockstep with one VCS revision.",
        subcommands = {
            InitCommand.class,
            ImportCommand.class,
            BuildCommand.class,
            LockCommand.class,
            ConfigCommand.class,
            PlanCommand.class,
            DeployCommand.class,
            ReleaseCommand.class,
            RollbackCommand.class,
            HoldCommand.class,
            HistoryCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            GcCommand.class,
            KeepCommand.class,
            DemoCommand.class,
            CompletionCommand.class
        },
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

    LockstepCommand(Shell shell) {
        this.shell = shell;
    }

    /** Returns every command with its options; parses, prints nothing. */
    static CommandLine commandLine(Shell shell) {
        var commandLine = new CommandLine(new LockstepCommand(shell));
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
        CommandLine commandLine = commandLine(shell);
        LockstepCommand root = commandLine.getCommand();
        commandLine.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        boolean color = shell.wantsColor() && !List.of(arguments).contains("--no-color");
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(color ? Ansi.ON : Ansi.OFF));
        commandLine.setParameterExceptionHandler((failure, given) -> {
            // Parsing ended at the mistake: what stands behind it was not seen.
            root.options.json |= List.of(given).contains("--json");
            return new FailureReport(shell, root.options).print(usage(failure));
        });
        commandLine.setExecutionStrategy(parsed -> {
            // Help for a command that is not there would look like an answer.
            if (!parsed.hasSubcommand() && !parsed.unmatched().isEmpty()) {
                throw new UnmatchedArgumentException(commandLine, parsed.unmatched());
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler(
                (failure, command, result) -> new FailureReport(shell, root.options).print(failure));
        return commandLine.execute(arguments);
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

    /** Tells the version that the jar's manifest holds. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = LockstepCommand.class.getPackage().getImplementationVersion();
            return new String[] {"lockstep " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
