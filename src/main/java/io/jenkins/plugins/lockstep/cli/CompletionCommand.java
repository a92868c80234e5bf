package io.jenkins.plugins.lockstep.cli;

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
        // bash reads no carriage returns, so not println.
        root.shell.out().print(AutoComplete.bash("lockstep", LockstepCommand.commandLine(root.shell)));
        return 0;
    }
}
