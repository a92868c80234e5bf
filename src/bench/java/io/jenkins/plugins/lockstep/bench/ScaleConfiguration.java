package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.kube.RealCluster;
import java.nio.file.Path;
import java.util.List;

/** A configuration of 100 files and of 1,000, half a KiB each, loaded into the cluster. */
final class ScaleConfiguration {

    private static final int ROUNDS = 9;

    private final Path temporary;

    ScaleConfiguration(Path temporary) {
        this.temporary = temporary;
    }

    void measure(Report report) throws Exception {
        try (var cluster = new RealCluster()) {
            report.header("configuration of", "100 files, s", "1,000 files, s", "growth", "live heap, MiB");
            ScaleApplication few = application(100, cluster.namespace());
            ScaleApplication many = application(1_000, cluster.namespace());
            Rounds.Work explain = () -> many.delivery().explainConfig(many.location(), ScaleApplication.ENVIRONMENT);
            row(
                    report,
                    "read and combine (`config --explain`)",
                    () -> few.delivery().explainConfig(few.location(), ScaleApplication.ENVIRONMENT),
                    explain);
            row(report, "load what is there already (`config`)", () -> load(few), () -> load(many));
        }
    }

    private static void row(Report report, String what, Rounds.Work few, Rounds.Work many) throws Exception {
        var seconds = new Rounds().with("few", few).with("many", many).seconds(2, ROUNDS);
        List<Double> tenth = seconds.get("few");
        List<Double> whole = seconds.get("many");
        report.row(
                what,
                Spread.of(tenth).text("%.3f"),
                Spread.of(whole).text("%.3f"),
                ScaleTopic.growth(tenth, whole),
                ScaleHeap.mebibytes(few) + " / " + ScaleHeap.mebibytes(many));
    }

    private static void load(ScaleApplication application) {
        application
                .delivery()
                .loadConfig(application.location(), ScaleApplication.ENVIRONMENT, application.target(), Progress.NONE);
    }

    private ScaleApplication application(int files, String namespace) {
        var application = new ScaleApplication(
                temporary.resolve("configuration-" + files),
                "config-" + files,
                namespace,
                new Target.Kubernetes(TestBed.kubeconfig(), null, namespace));
        for (int i = 0; i < files; i++) {
            application.write("config/file" + i + ".txt", ("line of file " + i + "\n").repeat(30));
        }
        return application.commit(1);
    }
}
