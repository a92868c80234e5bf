package io.jenkins.plugins.lockstep.revision.hg;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Names of files, which to Mercurial are bytes. */
final class FileNames {

    private FileNames() {}

    static boolean isUtf8(byte[] name) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Returns the name; one that is not UTF-8 as Latin-1, which is good enough to recognise it. */
    static String decoded(byte[] name) {
        return new String(name, isUtf8(name) ? UTF_8 : ISO_8859_1);
    }
}
