package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered.
 *
 * @param code the HTTP status
 * @param headers the headers
 * @param body the whole text
 */
record KubeAnswer(int code, Headers headers, String body) {

    /** {@code 299 - "text"}, with the text's quotes and backslashes escaped; one header may hold several. */
    private static final Pattern WARNING = Pattern.compile("299 [^ ]+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Reads an answer to its end. */
    static KubeAnswer of(Response response) throws IOException {
        return new KubeAnswer(
                response.code(), response.headers(), response.body().string());
    }

    boolean isGood() {
        return code / 100 == 2;
    }

    /** Returns the body as an object's tree; empty where it is no JSON object, such as the page of a proxy. */
    Map<String, @Nullable Object> tree() {
        try {
            return Tree.map(Json.read(body));
        } catch (DeliveryException e) {
            return Map.of();
        }
    }

    /** Returns the server's warnings, each once, in their order. */
    List<String> warnings() {
        var texts = new ArrayList<String>();
        for (String header : headers.values("Warning")) {
            var matcher = WARNING.matcher(header);
            while (matcher.find()) {
                String text = matcher.group(1).replaceAll("\\\\(.)", "$1");
                if (!texts.contains(text)) {
                    texts.add(text);
                }
            }
        }
        return List.copyOf(texts);
    }

    /**
     * Returns how long the server asks to wait before the next try; null where it does not say. It may say so in seconds
     * or as a date (RFC 9110, section 10.2.3), which is compared with the server's own clock where it tells the time.
     */
    @Nullable
    Duration retryAfter() {
        String asked = headers.get("Retry-After");
        if (asked == null) {
            return null;
        }
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(asked.strip())));
        } catch (NumberFormatException e) {
            Instant then = headers.getInstant("Retry-After");
            Instant sent = headers.getInstant("Date");
            Duration wait = then == null ? null : Duration.between(sent == null ? Instant.now() : sent, then);
            return wait == null || wait.isNegative() ? null : wait;
        }
    }
}
