package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Job;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.BundleSource;
import io.jenkins.plugins.lockstep.delivery.BundleSummary;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bundle that a run keeps: everything that a deploy of its revision needs, and all that a rollback needs to know of the
 * project. It lies in the run's directory and goes with it. One with a Secret among its objects is encrypted, in pieces,
 * with the controller's own key.
 */
public final class KeptBundle implements BundleSource {

    /** How many runs of a job are looked at, newest first. */
    static final int MOST_RUNS = 200;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String DIRECTORY = "lockstep";
    private static final int PIECE = 48 * 1024;

    // A text that could itself be an encrypted one would not be encrypted.
    private static final String PLAIN = "bundle:";

    private final Run<?, ?> run;
    private final BundleRecord record;

    private KeptBundle(Run<?, ?> run, BundleRecord record) {
        this.run = run;
        this.record = record;
    }

    /**
     * Keeps a bundle with a run; it takes the place of one of the same application, revision
     * and purpose. What comes from an agent is
     * read here once, and believed as far as its checksum goes.
     *
     * @param purpose the key of the one operation that it was made for, null for what was built
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is no bundle
     */
    static KeptBundle keep(Run<?, ?> run, BundleBytes bundle, @Nullable String purpose) throws IOException {
        BundleSummary summary = BundleSummary.of(bundle);
        if (!NAME.matcher(summary.app()).matches()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle is of an application with an impossible name")
                    .where(bundle.place());
        }
        var problems = new ArrayList<String>();
        summary.problems().forEach((environment, why) -> problems.add(environment + ": " + why));
        var record = new BundleRecord(
                summary.app(),
                summary.vcs(),
                summary.revision(),
                purpose,
                summary.secrets(),
                summary.released(),
                problems);
        var kept = new KeptBundle(run, record);
        kept.write(bundle.bytes());
        LockstepRunAction.of(run).add(record);
        return kept;
    }

    private void write(byte[] bundle) throws IOException {
        Path file = file();
        Files.createDirectories(file.getParent());
        Path half = Files.createTempFile(file.getParent(), "half", ".tmp");
        try {
            if (record.isEncrypted()) {
                encrypt(bundle, half);
            } else {
                Files.write(half, bundle);
            }
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /** Returns what a run keeps: first what it built, the newest first, then what it only deployed. */
    public static List<KeptBundle> of(Run<?, ?> run) {
        var all = new ArrayList<KeptBundle>();
        for (BundleRecord record :
                LockstepRunAction.find(run).map(LockstepRunAction::getBundles).orElse(List.of())) {
            var bundle = new KeptBundle(run, record);
            if (Files.isRegularFile(bundle.file())) {
                all.add(0, bundle);
            }
        }
        all.sort((one, other) -> Boolean.compare(other.record.isBuilt(), one.record.isBuilt()));
        return List.copyOf(all);
    }

    /** Returns the bundle of an application's newest run that kept one; of any application where it is null. */
    public static Optional<KeptBundle> newest(Job<?, ?> job, @Nullable String app) {
        return newest(job, bundle -> app == null || bundle.app().equals(app));
    }

    /** Returns the newest that is as wanted, of the newest {@value #MOST_RUNS} runs. */
    static Optional<KeptBundle> newest(Job<?, ?> job, Predicate<KeptBundle> wanted) {
        return stream(job).filter(wanted).findFirst();
    }

    /** Returns those of the newest {@value #MOST_RUNS} runs, the newest first. */
    static List<KeptBundle> all(Job<?, ?> job) {
        return stream(job).toList();
    }

    /** Loads one run after the other, as far as they are wanted. */
    static Stream<KeptBundle> stream(Job<?, ?> job) {
        return Stream.<Run<?, ?>>iterate(job.getLastBuild(), Objects::nonNull, Run::getPreviousBuild)
                .limit(MOST_RUNS)
                .flatMap(candidate -> of(candidate).stream());
    }

    public Run<?, ?> run() {
        return run;
    }

    public String app() {
        return record.getApp();
    }

    /** Returns the full id. */
    public String revision() {
        return record.getRevision();
    }

    /** Returns what it can be deployed to, in the order of the project file. */
    public List<String> environments() {
        return record.getEnvironments();
    }

    BundleRecord record() {
        return record;
    }

    @Override
    public String place() {
        return "the bundle of " + app() + " that " + run.getExternalizableId() + " keeps";
    }

    /**
     * Returns the whole bundle.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it was encrypted with the key of another controller
     */
    @Override
    public InputStream open() throws IOException {
        return record.isEncrypted() ? new ByteArrayInputStream(decrypted()) : Files.newInputStream(file());
    }

    private Path file() {
        return run.getRootDir().toPath().resolve(DIRECTORY).resolve(record.fileName());
    }

    private static void encrypt(byte[] bundle, Path file) throws IOException {
        try (Writer lines = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int from = 0; from < bundle.length; from += PIECE) {
                byte[] piece = Arrays.copyOfRange(bundle, from, Math.min(bundle.length, from + PIECE));
                lines.write(Secret.fromString(PLAIN + Base64.getEncoder().encodeToString(piece))
                        .getEncryptedValue());
                lines.write('\n');
            }
        }
    }

    private byte[] decrypted() throws IOException {
        var whole = new ByteArrayOutputStream();
        try (BufferedReader lines = Files.newBufferedReader(file(), StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Secret piece = Secret.decrypt(line);
                if (piece == null) {
                    throw DeliveryException.of(Problem.BAD_INPUT, "the bundle can't be decrypted")
                            .where(place())
                            .why("its key is not this controller's")
                            .hint("build the revision again");
                }
                whole.write(Base64.getDecoder().decode(piece.getPlainText().substring(PLAIN.length())));
            }
        }
        return whole.toByteArray();
    }
}
