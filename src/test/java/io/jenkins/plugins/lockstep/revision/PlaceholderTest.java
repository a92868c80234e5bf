package io.jenkins.plugins.lockstep.revision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaceholderTest {

    private static final String REST = "\noid sha256:" + "0".repeat(64) + "\nsize 12345\n";

    @Test
    void everyFormOfAPointerAndOfEncryptionIsKnown() {
        assertThat(of("version https://git-lfs.github.com/spec/v1" + REST)).isEqualTo(Placeholder.LFS_POINTER);
        assertThat(of("version https://hawser.github.com/spec/v1" + REST)).isEqualTo(Placeholder.LFS_POINTER);
        assertThat(of("version https://git-lfs.github.com/spec/v1\next-0-foo sha256:" + "1".repeat(64) + REST))
                .isEqualTo(Placeholder.LFS_POINTER);
        assertThat(of("\0GITCRYPT\0" + "\1\2\3")).isEqualTo(Placeholder.GIT_CRYPT);
        assertThat(of("/annex/objects/SHA256E-s1--0\n")).isEqualTo(Placeholder.ANNEX_POINTER);
    }

    @Test
    void whatLooksNearlyLikeOneIsContent() {
        assertThat(of("")).isNull();
        assertThat(of("\0GITCRYP")).isNull();
        assertThat(of("GITCRYPT")).isNull();
        assertThat(of("see /annex/objects/")).isNull();
        assertThat(of("version https://git-lfs.github.com/spec/v1\n")).isNull();
        assertThat(of("version https://git-lfs.github.com/spec/v1" + REST + " ".repeat(1024)))
                .isNull();
    }

    private static Placeholder of(String content) {
        return Placeholder.of(content.getBytes(ISO_8859_1)).orElse(null);
    }
}
