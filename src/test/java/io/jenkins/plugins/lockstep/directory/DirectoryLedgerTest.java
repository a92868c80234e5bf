package io.jenkins.plugins.lockstep.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.LedgerContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLedgerTest extends LedgerContract {

    @TempDir
    private Path directory;

    @Override
    protected Ledger open() {
        return new DirectoryLedger(directory, APP, ENVIRONMENT);
    }

    @Override
    protected Map<String, byte[]> chunks(boolean secret) {
        var chunks = new TreeMap<String, byte[]>();
        for (Path file : DirectoryFiles.list(directory.resolve("ledger/objects"), ".gz")) {
            String name = file.getFileName().toString();
            if (name.endsWith(".secret.gz") == secret) {
                chunks.put(
                        name.substring(0, name.indexOf('.')),
                        DirectoryFiles.read(file).orElseThrow());
            }
        }
        return chunks;
    }

    @Override
    protected void tamper(String hash, byte[] bytes) {
        Path file = directory.resolve("ledger/objects/" + hash + ".gz");
        try {
            if (bytes == null) {
                Files.delete(file);
            } else {
                Files.write(file, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void loseIndex(int number) {
        Path entry = directory.resolve("ledger/cart/production/" + number + ".json");
        var tree = Tree.map(Json.read(new String(DirectoryFiles.read(entry).orElseThrow(), StandardCharsets.UTF_8)));
        tree.remove("objects");
        DirectoryFiles.write(entry, Json.write(tree).getBytes(StandardCharsets.UTF_8), false);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyTheOwnerReadsChunksWithSecrets() throws IOException {
        open().begin(draft("a"), List.of(deployment("one"), secret()));

        assertThat(DirectoryFiles.list(directory.resolve("ledger/objects"), ".secret.gz"))
                .hasSize(1)
                .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().endsWith(".secret.gz")))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(HIDDEN));
        }
    }

    @Test
    void environmentsDoNotSeeEachOthersReleases() {
        open().begin(draft("a"), List.of());

        assertThat(new DirectoryLedger(directory, APP, "staging").list()).isEmpty();
        assertThat(new DirectoryLedger(directory, "other", ENVIRONMENT).list()).isEmpty();
    }

    @Test
    void aNameThatWouldLeaveTheDirectoryIsRefused() {
        for (String name : List.of("..", "../x", "a/b", "a\\b", "", ".hidden", "nul\0")) {
            var failure = failure(() -> new DirectoryLedger(directory, APP, name));
            assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        }
    }

    @Test
    void anEntryThatIsNoJsonIsNamed() throws IOException {
        open().begin(draft("a"), List.of());
        Path entry = directory.resolve("ledger/cart/production/1.json");
        Files.writeString(entry, "{\"release\": ");

        var failure = failure(() -> open().list());

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.where()).isEqualTo(entry.toString());
    }

    @Test
    void anIndexThatNamesAFileElsewhereIsRefused() throws IOException {
        open().begin(draft("a"), List.of(deployment("one")));
        Path entry = directory.resolve("ledger/cart/production/1.json");
        String hash = chunks(false).keySet().iterator().next();
        Files.writeString(entry, Files.readString(entry).replace(hash, "../../../../etc/passwd"));

        assertThat(failure(() -> open().objects(1)).problem()).isEqualTo(Problem.BAD_INPUT);
    }

    @Test
    void fieldsOfANewerLockstepAreLeftAlone() throws IOException {
        open().begin(draft("a"), List.of(deployment("one")));
        Path entry = directory.resolve("ledger/cart/production/1.json");
        Files.writeString(
                entry,
                Files.readString(entry)
                        .replaceFirst("\"release\": \\{", "\"later\": {\"a\": 1}, \"release\": { \"starred\": [1],"));

        assertThat(open().list()).containsExactly(draft("a").numbered(1));
        assertThat(open().objects(1)).containsExactly(deployment("one"));
    }
}
