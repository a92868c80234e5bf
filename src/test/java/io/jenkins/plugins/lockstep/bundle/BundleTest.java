package io.jenkins.plugins.lockstep.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BundleTest {

    private static final byte[] SAMPLE = Bundles.bytes(Bundles.sample());

    @Test
    void whatIsWrittenIsReadForOneEnvironment() throws Exception {
        Bundle bundle = read(SAMPLE, "production");

        Bundle sample = Bundles.sample();
        assertThat(bundle.releases()).containsOnlyKeys("production");
        assertThat(bundle.release("production")).isEqualTo(sample.release("production"));
        assertThat(bundle.environments()).isEqualTo(sample.environments());
        assertThat(List.of(bundle.app(), bundle.vcs(), bundle.by(), bundle.at()))
                .isEqualTo(List.of(sample.app(), sample.vcs(), sample.by(), sample.at()));
        assertThat(bundle.environment("production").graces()).containsOnlyKeys("scheduling", "exits");
        assertThat(bundle.images()).isEqualTo(sample.images());
        assertThat(bundle.keep()).isEqualTo(sample.keep());
        assertThat(bundle.lineage()).isEqualTo(sample.lineage());
        assertThat(bundle.shallow()).isTrue();
        assertThat(read(SAMPLE, "staging").release("staging").plan()).isNull();
    }

    @Test
    void theSameBundleHasTheSameBytes() {
        assertThat(Bundles.bytes(Bundles.sample())).isEqualTo(SAMPLE);
    }

    @Test
    void whatItIsCanBeReadWithoutItsObjects() throws Exception {
        Bundle bundle = BundleReader.readWithoutObjects(new ByteArrayInputStream(SAMPLE), "plan.bundle");

        Bundle sample = Bundles.sample();
        assertThat(bundle.releases()).isEmpty();
        assertThat(bundle.contents()).isEqualTo(sample.contents());
        assertThat(bundle.commits()).isEqualTo(sample.commits());
        assertThat(bundle.environments()).isEqualTo(sample.environments());
        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class,
                () -> BundleReader.readWithoutObjects(
                        new ByteArrayInputStream(zipped(text().replace("\"paused\":false", "\"paused\":true"))),
                        "plan.bundle"));
        assertThat(failure.why()).contains("checksum");
    }

    @Test
    void anEnvironmentThatCouldNotBeRenderedSaysWhy() throws Exception {
        Bundle bundle = read(SAMPLE, "canary");

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> bundle.release("canary"));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).isEqualTo("deploy/canary.yaml:3: no such image");
    }

    @Test
    void whatIsNoCommitIsRefused() throws Exception {
        assertThat(changed(text -> withChecksum(
                                text.replace("\"parents\":[\"" + "b".repeat(40) + "\"]", "\"parents\":[\"main\"]")))
                        .why())
                .contains("commits");
    }

    @Test
    void anEnvironmentThatItWasNotMadeForIsRefused() throws Exception {
        Bundle bundle = read(SAMPLE, "staging");

        DeliveryException other = catchThrowableOfType(DeliveryException.class, () -> bundle.release("production"));
        assertThat(other.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(other.hint()).contains("lockstep plan production --out");
        DeliveryException unknown = catchThrowableOfType(DeliveryException.class, () -> bundle.environment("stagin"));
        assertThat(unknown.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(unknown.hint()).contains("staging");
    }

    @Test
    void anythingElseIsNoBundle() throws Exception {
        assertThat(failure("apiVersion: v1\n".getBytes(StandardCharsets.UTF_8)).what())
                .isEqualTo("this is no bundle");
        assertThat(failure(new byte[0]).what()).isEqualTo("this is no bundle");
        assertThat(failure(zipped("{\"a\":1}\n")).what()).isEqualTo("this is no bundle");
    }

    @Test
    void anotherVersionSaysWhich() throws Exception {
        DeliveryException failure = changed(text -> text.replace("\"version\":2", "\"version\":3"));

        assertThat(failure.what()).isEqualTo("the bundle has version 3 of its format");
        assertThat(failure.why()).contains("version 2");
    }

    @Test
    void everyTruncationIsSeen() {
        for (int length : new int[] {3, 12, 40, SAMPLE.length / 2, SAMPLE.length - 9, SAMPLE.length - 1}) {
            DeliveryException failure = failure(Arrays.copyOf(SAMPLE, length));
            assertThat(failure.problem()).as("%d bytes", length).isEqualTo(Problem.BAD_INPUT);
            assertThat(failure.what()).containsAnyOf("cut short", "no bundle", "damaged");
        }
    }

    @Test
    void aFileThatEndsBetweenTwoLinesIsCutShort() throws Exception {
        assertThat(changed(text -> text.substring(0, text.lastIndexOf("{\"end\"")))
                        .what())
                .isEqualTo("the bundle is cut short");
    }

    @Test
    void aChangedByteIsSeen() throws Exception {
        DeliveryException failure = changed(text -> text.replace("\"paused\":false", "\"paused\":true"));

        assertThat(failure.what()).isEqualTo("the bundle is damaged");
        assertThat(failure.why()).contains("checksum");
        assertThat(failure.where()).isEqualTo("plan.bundle");
    }

    @Test
    void anObjectThatSomebodyChangedTogetherWithTheChecksumDoesNotMatchItsSeal() throws Exception {
        DeliveryException failure = changed(text -> withChecksum(text.replace("\"paused\":false", "\"paused\":true")));

        assertThat(failure.why()).contains("production", "seal");
    }

    @Test
    void anObjectThatIsNotWhatItsLineSaysIsRefused() throws Exception {
        String secret = "\"kind\":\"Secret\",\"namespace\":\"shop\",\"name\":\"password\"";
        assertThat(text()).contains(secret);
        for (String other : List.of(
                secret.replace("Secret", "ConfigMap"),
                secret.replace("shop", "kube-system"),
                secret.replace("password", "other"))) {
            assertThat(changed(text -> withChecksum(text.replace(secret, other)))
                            .why())
                    .endsWith("is not the object that it says");
        }
        for (String name : List.of("..", "a/b", "a%2Fb")) {
            assertThat(changed(text -> withChecksum(text.replace("\"name\":\"password\"", "\"name\":\"" + name + "\"")))
                            .why())
                    .endsWith("is not the object that it says");
        }
    }

    @Test
    void aSecretIsSeenWhateverTheBundleSaysOfIt() throws Exception {
        String lie = withChecksum(text().replace("\"secrets\":true", "\"secrets\":false"));
        assertThat(lie).doesNotContain("\"secrets\":true");

        Bundle bundle = BundleReader.readWithoutObjects(new ByteArrayInputStream(zipped(lie)), "plan.bundle");

        assertThat(bundle.contents().secrets()).isTrue();
        assertThat(bundle.releases()).isEmpty();
    }

    @Test
    void whatStandsBehindItsEndIsRefused() throws Exception {
        assertThat(changed(text -> text + "{\"object\":{}}\n").why()).contains("after its end");
    }

    @Test
    void linesOfNoKnownSortAreRefused() throws Exception {
        assertThat(changed(text -> withChecksum(text.replace("{\"plan\":", "{\"plum\":")))
                        .why())
                .contains("line ");
        assertThat(changed(text -> withChecksum(text.replace("\"operation\":\"keep\"", "\"operation\":\"kiss\"")))
                        .why())
                .contains("operation");
    }

    /** A few hundred kilobytes that would fill the memory. */
    @Test
    void aBombIsStopped() throws Exception {
        DeliveryException one = failure(bomb(header() + "{\"object\":\"", "a".repeat(1024 * 1024), 40));
        assertThat(one.what()).isEqualTo("the bundle is too large to be one");

        String release = "{\"release\":{\"environment\":\"production\"}}\n";
        String object = "{\"object\":{\"a\":\"" + "b".repeat(8 * 1024 * 1024)
                + "\",\"apiVersion\":\"v1\",\"kind\":\"K\"," + "\"name\":\"n\",\"tree\":{\"apiVersion\":\"v1\","
                + "\"kind\":\"K\",\"metadata\":{\"name\":\"n\"}}}}\n";
        DeliveryException many = failure(bomb(header() + release, object, 12));
        assertThat(many.what()).isEqualTo("the bundle is too large to be one");

        String leftOut = "{\"" + BundleFormat.LEFT_OUT + "\":{\"environment\":\"canary\",\"why\":\"" + "c".repeat(1000)
                + "\"}}\n";
        byte[] problems = bomb(header(), leftOut, 1100);
        DeliveryException small = catchThrowableOfType(
                DeliveryException.class,
                () -> BundleReader.readWithoutObjects(new ByteArrayInputStream(problems), "plan.bundle"));
        assertThat(small.what()).isEqualTo("the bundle is too large to be one");
    }

    @Test
    void nothingThatIsPrintedHoldsASecret() throws Exception {
        Bundle bundle = read(SAMPLE, "production");

        assertThat(bundle + " " + bundle.release("production")).contains("cart").doesNotContain(Bundles.SECRET);
        assertThat(header()).doesNotContain(Bundles.SECRET);
    }

    private static String header() throws IOException {
        String text = text();
        return text.substring(0, text.indexOf('\n') + 1);
    }

    private static String text() throws IOException {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(SAMPLE))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String withChecksum(String text) {
        String content = text.substring(0, text.lastIndexOf("{\"end\""));
        return content
                + text.substring(content.length())
                        .replaceAll("\"sha256\":\"[0-9a-f]+\"", "\"sha256\":\"" + Sha256.hex(content) + "\"");
    }

    private static DeliveryException changed(UnaryOperator<String> change) throws IOException {
        String text = text();
        String changed = change.apply(text);
        assertThat(changed).isNotEqualTo(text);
        return failure(zipped(changed));
    }

    private static byte[] zipped(String text) throws IOException {
        return bomb(text, "", 1);
    }

    private static byte[] bomb(String start, String part, int times) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zipped = new GZIPOutputStream(bytes)) {
            zipped.write(start.getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < times; i++) {
                zipped.write(part.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static DeliveryException failure(byte[] bytes) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> read(bytes, "production"));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage() + failure.hint()).doesNotContain(Bundles.SECRET);
        return failure;
    }

    private static Bundle read(byte[] bytes, String environment) throws IOException {
        return BundleReader.read(new ByteArrayInputStream(bytes), "plan.bundle", environment);
    }
}
