package io.jenkins.plugins.lockstep.image;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the code of an image can be read, out of where its clone came from. */
public final class SourceUrl {

    // user@host:path, the form of scp; a drive letter (C:\cart) is no host.
    private static final Pattern SCP =
            Pattern.compile("(?:[^@/\\\\]*@)?(?<host>\\[[^\\]]+]|[^:/\\\\\\[]{2,}):(?!//)(?<path>.+)", Pattern.DOTALL);

    private SourceUrl() {}

    /**
     * Turns the URL of a clone into {@code https://HOST[:PORT]/PATH} without {@code .git}, user information, query and
     * fragment, so that clones over different protocols give one image.
     *
     * <p>A port is kept where the URL is an HTTP one; that of an SSH server says nothing about the web's.
     *
     * @return empty for a local path, a {@code file:} URL or what is no URL at all
     */
    public static Optional<String> normalised(String originUrl) {
        String url = originUrl.strip();
        if (url.contains("://")) {
            return fromUri(url);
        }
        Matcher scp = SCP.matcher(url);
        return scp.matches() ? https(scp.group("host"), -1, scp.group("path")) : Optional.empty();
    }

    private static Optional<String> fromUri(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        if (uri.getScheme() == null || uri.isOpaque()) {
            return Optional.empty();
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = hostOf(uri);
        return switch (scheme) {
            case "https" -> https(host, uri.getPort() == 443 ? -1 : uri.getPort(), uri.getRawPath());
            case "http", "static-http" -> https(host, uri.getPort() == 80 ? -1 : uri.getPort(), uri.getRawPath());
            case "ssh", "git", "git+ssh", "ssh+git" -> https(host, -1, uri.getRawPath());
            default -> Optional.empty();
        };
    }

    /** Java's own parser gives no host where a name has an underscore. */
    private static String hostOf(URI uri) {
        if (uri.getHost() != null) {
            return uri.getHost();
        }
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        String withoutUser = authority.substring(authority.lastIndexOf('@') + 1);
        return withoutUser.replaceFirst(":[0-9]*$", "");
    }

    private static Optional<String> https(String host, int port, String path) {
        String trimmed = path.replaceAll("^/+|/+$", "").replaceFirst("\\.git$", "");
        if (host.isEmpty() || trimmed.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("https://" + host.toLowerCase(Locale.ROOT) + (port < 0 ? "" : ":" + port) + "/" + trimmed);
    }
}
