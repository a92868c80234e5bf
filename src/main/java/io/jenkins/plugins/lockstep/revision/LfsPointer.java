package io.jenkins.plugins.lockstep.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Git LFS commits in place of a large file. Read as the LFS specification (docs/spec.md) says, and with the name that
 * it had before its first release, which git-lfs still reads; Mercurial's extension adds keys that begin with {@code x-}.
 *
 * @param sha256 the hash of the large file's content
 * @param size its size in bytes
 */
public record LfsPointer(String sha256, long size) {

    /** The largest pointer that the LFS specification allows is smaller than this many bytes. */
    public static final int SIZE_LIMIT = 1024;

    private static final Pattern SHAPE = Pattern.compile(
            "version https://(?:git-lfs|hawser)\\.github\\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})(?:\nx-[^\n]*)*\n?");

    /** Returns the pointer that {@code content}, a whole file, is; or empty where it is anything else. */
    public static Optional<LfsPointer> parse(byte[] content) {
        if (content.length >= SIZE_LIMIT) {
            return Optional.empty();
        }
        Matcher matcher = SHAPE.matcher(new String(content, UTF_8));
        return matcher.matches()
                ? Optional.of(new LfsPointer(matcher.group(1), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    /** Tells whether {@code content} is the large file; reads it to the end. */
    public boolean pointsTo(InputStream content) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        long read = new DigestInputStream(content, digest).transferTo(java.io.OutputStream.nullOutputStream());
        return read == size && HexFormat.of().formatHex(digest.digest()).equals(sha256);
    }
}
