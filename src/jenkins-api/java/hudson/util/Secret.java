package hudson.util;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The real one encrypts with a key of the controller; this one only hides from a reader's eye. */
public final class Secret implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public String getPlainText() {
        return value;
    }

    public String getEncryptedValue() {
        String text = new StringBuilder(value).reverse().toString();
        return "{" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "}";
    }

    public static Secret decrypt(String data) {
        if (data == null || !data.startsWith("{") || !data.endsWith("}")) {
            return null;
        }
        byte[] text = Base64.getDecoder().decode(data.substring(1, data.length() - 1));
        return new Secret(new StringBuilder(new String(text, StandardCharsets.UTF_8))
                .reverse()
                .toString());
    }

    public static Secret fromString(String data) {
        Secret decrypted = decrypt(data);
        return decrypted == null ? new Secret(data) : decrypted;
    }
}
