package io.jenkins.plugins.lockstep.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How time, memory and requests grow from a tenth of a size to the whole. Inside a running JVM, if a table does not say else. */
final class ScaleTopic implements Topic {

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public void measure(Report report) throws Exception {
        report.heading("Scale");
        Path kept = Files.createDirectories(Path.of("target/bench/scale").toAbsolutePath());
        Path temporary = Files.createTempDirectory("lockstep-scale");
        new ScaleLedger(temporary).measure(report);
        new ScaleRepositories(kept).measure(report);
        new ScaleConfiguration(temporary).measure(report);
        new ScaleParallel(temporary).measure(report);
        new ScaleImage(temporary).measure(report);
    }

    /** Returns a cell with how much more the whole takes than a tenth of it; 10 is linear. */
    static String growth(List<Double> tenth, List<Double> whole) {
        return String.format(
                java.util.Locale.ROOT,
                "%.1f",
                Spread.of(whole).median() / Spread.of(tenth).median());
    }
}
