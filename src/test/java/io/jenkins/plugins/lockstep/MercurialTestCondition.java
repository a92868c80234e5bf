package io.jenkins.plugins.lockstep;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a {@link MercurialTest} where there is no {@code hg}. */
final class MercurialTestCondition implements ExecutionCondition {

    static final String NO_HG = "need Mercurial (hg is not on the PATH; on Debian: apt-get install mercurial)";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return evaluate(Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    static ConditionEvaluationResult evaluate(String path) {
        boolean there = Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
                .flatMap(directory -> Stream.of("hg", "hg.exe").map(name -> Path.of(directory, name)))
                .anyMatch(Files::isExecutable);
        return there ? ConditionEvaluationResult.enabled("hg is there") : ConditionEvaluationResult.disabled(NO_HG);
    }
}
