package io.jenkins.plugins.lockstep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the command line loads, and the class-data archive that the script has made for it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CliStartIT {

    private static final Path JAR = Path.of("target/lockstep-cli.jar").toAbsolutePath();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String MAKER = "io.jenkins.plugins.lockstep.cli.ClassArchive";
    private static final String FROM_ARCHIVE = "-XX:SharedArchiveFile=";

    @TempDir
    Path temporary;

    private record Run(int exitCode, String out, String err) {}

    @Test
    void aVersionIsToldWithoutAnyLibrary() throws Exception {
        assertThat(loaded("--version"))
                .anyMatch(line -> line.startsWith("io.jenkins.plugins.lockstep.cli.Main "))
                .noneMatch(CliStartIT::isOfALibrary)
                .noneMatch(line -> line.startsWith("picocli.CommandLine source"));
    }

    @Test
    void helpIsShownWithoutAnyClient() throws Exception {
        for (String[] words : List.of(new String[] {"--help"}, new String[] {"status", "--help"})) {
            assertThat(loaded(words))
                    .anyMatch(line -> line.startsWith("picocli.CommandLine source"))
                    .noneMatch(CliStartIT::isOfALibrary);
        }
    }

    private static boolean isOfALibrary(String line) {
        return Stream.of(
                        "com.google.",
                        "okhttp3.",
                        "okio.",
                        "kotlin.",
                        "org.eclipse.",
                        "org.yaml.",
                        "org.apache.",
                        "org.slf4j.")
                .anyMatch(line::startsWith);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for sh")
    void theScriptHasAnArchiveMadeOnceAndUsesItUntilTheJarChanges() throws Exception {
        Path home = installed("home");

        Run first = traced(home, "--version");
        Path archive = awaitArchive(home);
        Run second = traced(home, "--version");

        assertThat(first.err()).contains(MAKER).doesNotContain(FROM_ARCHIVE);
        assertThat(second.err()).contains(FROM_ARCHIVE + archive).doesNotContain(MAKER);
        for (Run run : List.of(first, second, plain(home, "--version"))) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).matches("lockstep \\S+\\R");
        }
        assertThat(plain(home, "--version").err()).isEmpty();
        assertThat(lines(home, FROM_ARCHIVE + archive, "status", "--help"))
                .as("each class of the program and of picocli, whose format is old")
                .filteredOn(line -> line.startsWith("picocli.CommandLine") || line.startsWith("io.jenkins."))
                .filteredOn(line -> !line.contains("$$"))
                .isNotEmpty()
                .allMatch(line -> line.contains("shared objects file"));

        Files.setLastModifiedTime(
                home.resolve("target/lockstep-cli.jar"),
                FileTime.from(Instant.now().plusSeconds(60)));
        Run changed = traced(home, "--version", "CI=true");
        assertThat(changed.err()).doesNotContain(FROM_ARCHIVE).doesNotContain(MAKER);
        assertThat(changed.out()).matches("lockstep \\S+\\R");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for sh")
    void nothingIsMadeWhereItIsSwitchedOff() throws Exception {
        Path home = installed("home of somebody");
        for (String variable : List.of("CI=true", "BUILD_URL=https://ci.example.com/1", "LOCKSTEP_CLASS_ARCHIVE=off")) {
            assertThat(traced(home, "--version", variable).err()).as(variable).doesNotContain(MAKER);
        }

        assertThat(traced(home, "--version", "LOCKSTEP_CLASS_ARCHIVE=off").err())
                .contains("-XX:TieredStopAtLevel=1");
        Run told = traced(home, "--version", "JAVA_TOOL_OPTIONS=-XX:+UseParallelGC");
        assertThat(told.err()).doesNotContain("-XX:Tiered");
        assertThat(told.out()).matches("lockstep \\S+\\R");
    }

    @Test
    void ofSeveralThatMakeAnArchiveAtOnceOneDoes() throws Exception {
        Path archive = temporary.resolve("lockstep-cli-1.jsa");
        Files.createFile(temporary.resolve("lockstep-cli-2.jsa"));
        Files.createFile(temporary.resolve("lockstep-cli-3.jsa"));
        var makers = new ArrayList<Process>();
        for (int i = 0; i < 3; i++) {
            makers.add(start(maker(archive), List.of(), Path.of("").toAbsolutePath()));
        }
        var codes = new ArrayList<Integer>();
        for (Process maker : makers) {
            codes.add(maker.waitFor());
        }

        assertThat(codes).containsExactlyInAnyOrder(0, 1, 1);
        assertThat(temporary).isDirectoryContaining(file -> file.equals(archive));
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(file -> !file.toString().endsWith(".log")))
                    .as("the newest two, and nothing unfinished")
                    .hasSize(2);
        }
    }

    @Test
    void whereItCanNotBeWrittenThereIsNoneAndNothingIsSaid() throws Exception {
        Run run = run(maker(temporary.resolve("missing/lockstep-cli-1.jsa")), List.of(), temporary);

        assertThat(run).isEqualTo(new Run(1, "", ""));
    }

    private static List<String> maker(Path archive) {
        return List.of(JAVA, "-cp", JAR.toString(), MAKER, JAR.toString(), archive.toString());
    }

    /** The script and the jar as in a checked-out project that is built. */
    private Path installed(String name) throws IOException {
        Path home = Files.createDirectories(temporary.toRealPath().resolve(name));
        Files.createDirectories(home.resolve("target"));
        Files.copy(JAR, home.resolve("target/lockstep-cli.jar"));
        Files.copy(Path.of("lockstep"), home.resolve("lockstep"));
        Files.setLastModifiedTime(
                home.resolve("target/lockstep-cli.jar"),
                FileTime.from(Instant.now().minusSeconds(60)));
        return home;
    }

    private static Path awaitArchive(Path home) throws Exception {
        while (true) {
            try (Stream<Path> files = Files.list(home.resolve("target"))) {
                var names = files.map(Path::toString).toList();
                if (names.stream().noneMatch(name -> name.endsWith(".making") || name.endsWith(".tmp"))) {
                    var archive =
                            names.stream().filter(name -> name.endsWith(".jsa")).findFirst();
                    if (archive.isPresent()) {
                        return Path.of(archive.get());
                    }
                }
            }
            Thread.sleep(200);
        }
    }

    /** Each line says a class, and where it came from. */
    private List<String> loaded(String... arguments) throws Exception {
        return lines(null, "-Xshare:auto", arguments);
    }

    private List<String> lines(Path home, String option, String... arguments) throws Exception {
        Path log = temporary.resolve("classes.log");
        var command = new ArrayList<>(List.of(JAVA, option, "-Xlog:class+load:file=" + log + ":none", "-jar"));
        command.add((home == null ? JAR : home.resolve("target/lockstep-cli.jar")).toString());
        command.addAll(List.of(arguments));
        assertThat(run(command, List.of(), temporary).exitCode()).isZero();
        return Files.readAllLines(log);
    }

    /** Standard error tells what the script did. */
    private Run traced(Path home, String word, String... variables) throws Exception {
        return run(List.of("sh", "-x", home.resolve("lockstep").toString(), word), List.of(variables), temporary);
    }

    private Run plain(Path home, String word) throws Exception {
        return run(List.of("sh", home.resolve("lockstep").toString(), word), List.of(), temporary);
    }

    private Run run(List<String> command, List<String> variables, Path directory) throws Exception {
        Process process = start(command, variables, directory);
        int code = process.waitFor();
        return new Run(
                code,
                Files.readString(temporary.resolve("out-" + process.pid() + ".log")),
                Files.readString(temporary.resolve("err-" + process.pid() + ".log")));
    }

    private Process start(List<String> command, List<String> variables, Path directory) throws IOException {
        Path out = Files.createTempFile(temporary, "out", ".log");
        Path err = Files.createTempFile(temporary, "err", ".log");
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of(
                        "CI", "JENKINS_URL", "BUILD_URL", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        Process process = builder.start();
        Files.move(out, temporary.resolve("out-" + process.pid() + ".log"));
        Files.move(err, temporary.resolve("err-" + process.pid() + ".log"));
        return process;
    }
}
