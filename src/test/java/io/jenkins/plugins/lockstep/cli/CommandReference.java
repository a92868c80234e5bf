package io.jenkins.plugins.lockstep.cli;

import java.lang.reflect.Member;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The generated part of {@code docs/cli.md}: every command as the program itself declares it. */
final class CommandReference {

    /** Options that several commands share, by the class that declares them, and the title of their section. */
    private static final Map<Class<?>, String> SHARED = Map.of(
            RegistryOptions.class,
            "Registry options",
            TargetOptions.class,
            "Target options",
            ClusterOptions.class,
            "Cluster options",
            RolloutArguments.class,
            "Rollout options",
            GuardOptions.class,
            "Guard options");

    private final CommandSpec root;
    private final StringBuilder text = new StringBuilder();

    CommandReference(CommandSpec root) {
        this.root = root;
    }

    /** Returns Markdown, with {@code \n} at the end of each line. */
    String text() {
        text.setLength(0);
        text.append("## Options of every command\n\n");
        root.options().forEach(this::option);
        shared().forEach((title, options) -> {
            text.append("\n## ").append(title).append("\n\n");
            options.values().forEach(this::option);
        });
        root.subcommands().values().forEach(command -> command(command.getCommandSpec()));
        return text.toString();
    }

    private Map<String, Map<String, OptionSpec>> shared() {
        var shared = new LinkedHashMap<String, Map<String, OptionSpec>>();
        root.subcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(option -> SHARED.containsKey(declaring(option)))
                .forEach(option -> shared.computeIfAbsent(SHARED.get(declaring(option)), any -> new LinkedHashMap<>())
                        .put(option.longestName(), option));
        return shared;
    }

    private void command(CommandSpec command) {
        text.append("\n## ").append(command.qualifiedName()).append("\n\n");
        Stream.of(command.usageMessage().description())
                .filter(paragraph -> !paragraph.isEmpty())
                .forEach(paragraph -> text.append(paragraph).append("\n\n"));
        List<PositionalParamSpec> parameters = command.positionalParameters();
        text.append("    ").append(command.qualifiedName());
        parameters.forEach(parameter -> text.append(' ').append(shown(parameter)));
        text.append(" [OPTION...]\n\n");
        parameters.forEach(parameter -> row(shown(parameter), parameter.description()));
        Set<String> shared = new LinkedHashSet<>();
        for (OptionSpec option : command.options()) {
            if (SHARED.containsKey(declaring(option))) {
                shared.add(SHARED.get(declaring(option)));
            } else if (!option.inherited()) {
                option(option);
            }
        }
        shared.forEach(title -> text.append("- the [")
                .append(title.toLowerCase(Locale.ROOT))
                .append("](#")
                .append(title.toLowerCase(Locale.ROOT).replace(' ', '-'))
                .append(")\n"));
        examples(List.of(command.usageMessage().footer()));
    }

    private void examples(List<String> footer) {
        int examples = footer.indexOf("Examples:");
        if (examples < 0) {
            return;
        }
        text.append("\n```\n");
        footer.subList(examples + 1, footer.size()).stream()
                .takeWhile(line -> !line.isEmpty())
                .forEach(line -> text.append(line.strip()).append('\n'));
        text.append("```\n");
    }

    private static Class<?> declaring(OptionSpec option) {
        return option.userObject() instanceof Member member ? member.getDeclaringClass() : Object.class;
    }

    private void option(OptionSpec option) {
        if (!option.hidden()) {
            String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            row(Arrays.stream(option.names()).collect(Collectors.joining("`, `")) + value, option.description());
        }
    }

    private void row(String name, String[] description) {
        text.append("- `")
                .append(name)
                .append("`: ")
                .append(String.join(" ", description).strip())
                .append('\n');
    }

    private static String shown(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
        return parameter.arity().min() == 0 ? "[" + label + "]" : label;
    }
}
