package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a digest in the place of each value that a Secret holds: equal values have equal digests, and without the salt
 * nobody can try out which value it was.
 *
 * @param salt hex digits; whoever shows masked values does not show it
 */
public record SecretMask(String salt) {

    private static final int SALT_BYTES = 16;
    private static final int DIGEST_DIGITS = 16;

    /** Returns a mask that nothing else has: its digests are equal or not among themselves alone. */
    public static SecretMask random() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new SecretMask(HexFormat.of().formatHex(salt));
    }

    /** Returns a copy of an object that may be shown; objects of other kinds are returned as they are. */
    public Map<String, @Nullable Object> on(Map<String, @Nullable Object> object) {
        if (!isFor(object)) {
            return object;
        }
        var masked = new LinkedHashMap<>(object);
        for (String field : new String[] {"data", "stringData"}) {
            if (masked.get(field) instanceof Map<?, ?>) {
                Map<String, @Nullable Object> values = Tree.map(object, field);
                values.replaceAll((key, value) -> digest(value));
                masked.put(field, values);
            } else if (masked.get(field) != null) {
                masked.put(field, digest(masked.get(field)));
            }
        }
        return masked;
    }

    /** Tells whether an object has values that are to be masked. */
    static boolean isFor(Map<String, @Nullable Object> object) {
        return "Secret".equals(object.get("kind"));
    }

    /** Returns what stands for a value, or for a hash that a value could be found by. */
    String digest(@Nullable Object value) {
        String digest = Sha256.hex(salt + Sha256.hex(salt + Json.canonical(value)));
        return "secret:" + digest.substring(0, DIGEST_DIGITS);
    }

    /** Says nothing of the salt. */
    @Override
    public String toString() {
        return "SecretMask";
    }
}
