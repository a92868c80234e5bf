package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lockstep completion}. */
@Command(
        name = "completion",
        description = "Print a script that lets bash and zsh complete commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(lockstep completion)                                     for this shell",
            "  lockstep completion > /etc/bash_completion.d/lockstep             for everybody, in bash",
            "  echo 'source <(lockstep completion)' >> ~/.zshrc                  for you, in zsh"
        })
final class CompletionCommand implements Callable<Integer> {

    @ParentCommand
    LockstepCommand root;

    @Override
    public Integer call() {
        if (root.options.json) {
            throw DeliveryException.of(Problem.BAD_USAGE, "completion prints a script, and no JSON document")
                    .hint("leave --json out");
        }
        // bash reads no carriage returns, so not println.
        root.shell.out().print(AutoComplete.bash("lockstep", LockstepCommand.commandLine(root.shell)));
        return 0;
    }
}
