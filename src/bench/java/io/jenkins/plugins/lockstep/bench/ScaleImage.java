package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** An image of 64 MiB of files and one of 640, that no compression makes smaller, built by a JVM with a heap of 64 MiB. */
final class ScaleImage {

    private static final int PIECE = 8 << 20;

    private final Path temporary;

    ScaleImage(Path temporary) {
        this.temporary = temporary;
    }

    void measure(Report report) throws Exception {
        report.header("image of, built and pushed with -Xmx64m as a process", "s");
        for (int mebibytes : new int[] {64, 640}) {
            String name = "image-" + UUID.randomUUID().toString().substring(0, 8);
            Path directory = temporary.resolve(name);
            var application = new ScaleApplication(
                    directory, "image", name, new Target.Kubernetes(TestBed.kubeconfig(), null, name));
            application.commit(1);
            // A build output, as jars are: not committed.
            var random = new Random(mebibytes);
            byte[] piece = new byte[PIECE];
            for (int i = 0; i < mebibytes >> 3; i++) {
                random.nextBytes(piece);
                try (OutputStream out =
                        Files.newOutputStream(directory.resolve("app").resolve("file" + i))) {
                    out.write(piece);
                }
            }
            long begin = System.nanoTime();
            new Command(
                            directory,
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-jar",
                            Path.of(System.getProperty("lockstep.home"), "target", "lockstep-cli.jar")
                                    .toString(),
                            "build")
                    .with("HOME", temporary.resolve("home").toString())
                    .run();
            report.row(mebibytes + " MiB", String.format(Locale.ROOT, "%.1f", (System.nanoTime() - begin) / 1e9));
        }
    }
}
