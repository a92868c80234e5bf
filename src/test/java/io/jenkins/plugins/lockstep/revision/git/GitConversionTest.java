package io.jenkins.plugins.lockstep.revision.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a checkout writes differently from what is committed. The bytes of a revision stay those of the commit, and the
 * changes are those of {@code git status}, which is asked after Lockstep: asking it repairs the index.
 */
class GitConversionTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void initialise() {
        git = GitTestRepository.init(directory.resolve("project"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-16LE-BOM", "ISO-8859-1", "windows-1252"})
    void aFileThatIsCheckedOutInAnotherEncodingIsNoChange(String encoding) throws IOException {
        git.write(".gitattributes", "*.txt working-tree-encoding=" + encoding + " eol=crlf\n");
        Charset charset = Charset.forName(encoding.equals("UTF-16LE-BOM") ? "UTF-16LE" : encoding);
        String mark = encoding.equals("UTF-16LE-BOM") || encoding.equals("UTF-16") ? "\ufeff" : "";
        Charset written = encoding.equals("UTF-16") ? UTF_16LE : charset;
        String text = encoding.equals("UTF-32") ? "\ufeffgrün\r\nBäume\r\n" : mark + "grün\r\nBäume\r\n";
        git.write("a.txt", text.getBytes(written)).commit("in another encoding");

        assertThat(read("a.txt")).asString(UTF_8).isEqualTo("grün\nBäume\n");
        touch("a.txt");
        assertThat(changes()).isEmpty();

        git.write("a.txt", text.replace("Bäume", "Säume").getBytes(written));
        assertThat(changes()).containsExactly("a.txt");
    }

    @Test
    void whatIsNotInItsEncodingIsTakenAsItIs() throws IOException {
        git.write("a.txt", "plain\n").write("b.txt", "plain\n").commit("plain");
        git.write(".gitattributes", "a.txt working-tree-encoding=UTF-16\nb.txt working-tree-encoding=no-such\n");
        git.git("add", ".gitattributes");
        git.commitIndex("attributes");
        touch("a.txt", "b.txt");

        // git status says so on standard error and answers as well.
        assertThat(changes()).isEmpty();
    }

    @Test
    void anExpandedIdentIsNoChange() throws IOException {
        String committed = "$Id$ one\n$Id$ two $Id$\n$Id: over\nlines$ $Identity$\n";
        git.write(".gitattributes", "*.txt ident\n").write("a.txt", committed).commit("ident");
        git.delete("a.txt").git("checkout", "a.txt");
        assertThat(git.root().resolve("a.txt")).content().contains("$Id: ").doesNotContain("$Id$");
        touch("a.txt");

        assertThat(changes()).isEmpty();
        assertThat(read("a.txt")).asString().isEqualTo(committed);

        String expanded = Files.readString(git.root().resolve("a.txt"));
        git.write("a.txt", expanded.replace("one", "ONE"));
        assertThat(changes()).containsExactly("a.txt");
    }

    /** Each file is checked out or edited to {@code present} after {@code committed}, both with C escapes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    autocrlf, text from LF to CRLF              |                      | true  | a\\n          | a\\r\\n            | same
                    autocrlf, CRLF already committed            |                      | true  | a\\r\\nb\\n    | a\\r\\nb\\n        | same
                    autocrlf, more CRLF where CRLF is committed |                      | true  | a\\r\\nb\\n    | a\\r\\nb\\r\\n     | changed
                    input, text from LF to CRLF                 |                      | input | a\\n          | a\\r\\n            | same
                    off                                         |                      | false | a\\n          | a\\r\\n            | changed
                    binary by NUL                               |                      | true  | a\\0b\\n       | a\\0b\\r\\n         | changed
                    binary by a lone CR                         |                      | true  | a\\rb\\n       | a\\rb\\r\\n         | changed
                    binary by a lone CR at the end              |                      | true  | a\\n\\r        | a\\r\\n\\r          | changed
                    -text                                       | -text                | true  | a\\n          | a\\r\\n            | changed
                    binary                                      | binary               | true  | a\\n          | a\\r\\n            | changed
                    text                                        | text                 | false | a\\n          | a\\r\\n            | same
                    text with a lone CR                         | text                 | false | a\\rb\\n       | a\\rb\\r\\n         | same
                    text with NUL                               | text                 | false | a\\0b\\n       | a\\0b\\r\\n         | same
                    text=auto                                   | text=auto            | false | a\\n          | a\\r\\n            | same
                    text=auto eol=crlf                          | text=auto eol=crlf   | false | a\\n          | a\\r\\n            | same
                    eol=lf alone                                | eol=lf               | false | a\\n          | a\\r\\n            | same
                    eol of what is no text                      | -text eol=crlf       | false | a\\n          | a\\r\\n            | changed
                    the older name                              | crlf                 | false | a\\n          | a\\r\\n            | same
                    the older name, off                         | -crlf                | true  | a\\n          | a\\r\\n            | changed
                    the older name, input                       | crlf=input           | false | a\\n          | a\\r\\n            | same
                    """)
    void lineEndsAreComparedAsGitComparesThem(
            String name, String attributes, String autocrlf, String committed, String present, String answer)
            throws IOException {
        byte[] before = unescaped(committed);
        git.write("f", before).commit(name);
        git.git("config", "core.autocrlf", autocrlf);
        git.write(".gitattributes", attributes == null ? "" : "f " + attributes + "\n");
        git.git("add", ".gitattributes");
        git.commitIndex("attributes");
        git.write("f", unescaped(present));

        boolean same = answer.equals("same");
        assertThat(here()).as(name).isEqualTo(same ? List.of() : List.of("f"));
        // What the next commit would hold is what Git has to say: git status alone also looks at the size.
        git.git("add", "f");
        assertThat(git.git("diff", "--cached", "--name-only").strip()).isEqualTo(same ? "" : "f");
        assertThat(read("f")).isEqualTo(before);
    }

    @Test
    void aFileIsBinaryByItsLastBytesAsWell() throws IOException {
        byte[] text = "0123456789abcde\n".repeat(4000).getBytes(ISO_8859_1);
        byte[] committed = java.util.Arrays.copyOf(text, text.length + 1);
        git.write("f", committed).commit("NUL behind 64,000 bytes of text");
        git.git("config", "core.autocrlf", "true");
        byte[] present = (new String(text, ISO_8859_1).replace("\n", "\r\n") + "\0").getBytes(ISO_8859_1);
        git.write("f", present);

        assertThat(changes()).containsExactly("f");
    }

    @Test
    void attributesByAMacroAndOfADirectoryCount() {
        git.write(".gitattributes", "[attr]words text eol=lf\n*.w words\n").write("dir/.gitattributes", "*.w -text\n");
        git.write("f.w", "1\n").write("dir/f.w", "1\n").commit("a macro");
        git.write("f.w", "1\r\n").write("dir/f.w", "1\r\n");

        assertThat(here()).containsExactly("dir/f.w");
        git.git("add", "f.w");
        assertThat(changes()).containsExactly("dir/f.w");
    }

    @Test
    void attributesThatAreNotCommittedCountAsInGit() throws IOException {
        git.write("a", "1\n").write("b", "1\n").commit("plain");
        GitTestRepository linked = git.worktree(directory.resolve("linked"));
        git.write(".git/info/attributes", "a text\n");
        for (GitTestRepository each : List.of(git, linked)) {
            each.write("a", "1\r\n").write("b", "1\r\n");
            assertThat(changesIn(each)).containsExactly("b");
            each.git("add", "a");
            assertThat(each.git("diff", "--cached", "--name-only")).isEmpty();
        }
    }

    @Test
    void nothingThatGitArchiveWouldChangeIsChanged() {
        git.write(".gitattributes", "secret export-ignore\nversion export-subst\n")
                .write("secret", "s")
                .write("version", "$Format:%H$")
                .commit("archive attributes");

        assertThat(read("version")).asString().isEqualTo("$Format:%H$");
        assertThat(read("secret")).asString().isEqualTo("s");
    }

    private static byte[] unescaped(String text) {
        return text.strip()
                .replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .getBytes(ISO_8859_1);
    }

    private void touch(String... paths) throws IOException {
        for (String path : paths) {
            Files.setLastModifiedTime(git.root().resolve(path), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        }
    }

    private byte[] read(String path) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.files(repository.resolve("HEAD")).read(path);
        }
    }

    private List<String> changes() {
        List<String> changes = here();
        assertThat(changes).as("what git status says").isEqualTo(git.changed());
        return changes;
    }

    private List<String> here() {
        return changesIn(git);
    }

    private static List<String> changesIn(GitTestRepository repository) {
        try (Repository opened = new GitRepositories().open(repository.root())) {
            return opened.uncommittedChanges();
        }
    }
}
