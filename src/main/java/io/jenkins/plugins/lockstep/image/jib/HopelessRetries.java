package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.LogEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Cuts Jib's retries short where none can help.
 *
 * <p>Jib tries a failed request again for about a minute, whatever the reason. That is right for a connection that broke,
 * but a mistyped name would keep a person waiting. So after the first failure the server is looked at once more, and
 * where it has no name, no open port or no certificate to trust, the request ends there. What Jib does try again is told.
 */
final class HopelessRetries implements Consumer<LogEvent> {

    private static final Pattern RETRY = Pattern.compile("[A-Z]+ (https?://\\S+) failed and will be retried");
    private static final int TIMEOUT_MILLIS = 5_000;

    private final RegistryRetries retries;

    HopelessRetries(RegistryRetries retries) {
        this.retries = retries;
    }

    @Override
    public void accept(LogEvent event) {
        Matcher retry = RETRY.matcher(event.getMessage());
        if (retry.matches()) {
            endIfHopeless(retry.group(1));
            retries.tell(URI.create(retry.group(1)).getRawAuthority(), "broke the connection");
        }
    }

    private static void endIfHopeless(String url) {
        try {
            var connection = (HttpURLConnection) new URL(new URL(url), "/v2/").openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.getResponseCode();
            connection.disconnect();
        } catch (UnknownHostException | ConnectException | SSLException e) {
            throw new UncheckedIOException("no use in trying " + url + " again", e);
        } catch (IOException e) {
            // May pass: Jib goes on trying, and reports what it sees in the end.
        }
    }
}
