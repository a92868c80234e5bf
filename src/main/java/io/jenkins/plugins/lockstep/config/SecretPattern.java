package io.jenkins.plugins.lockstep.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a private key or a token looks like. A guard against accidents, not against malice. */
record SecretPattern(String name, Pattern pattern) {

    private static final List<SecretPattern> KNOWN = List.of(
            of("a private key", "-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
            of("an AWS access key", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
            of("a GitHub token", "\\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})"),
            of("a GitLab token", "\\bglpat-[A-Za-z0-9_-]{20}"),
            of("a Slack token", "\\bxox[abprs]-[0-9A-Za-z-]{10}"),
            of("a signed token", "\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8}"),
            of("a kubeconfig with a client key", "client-key-data\"?\\s*:\\s*\"?[A-Za-z0-9+/=]{20}"));

    /**
     * One place that looks like a secret.
     *
     * @param name what it looks like, with its article; never the secret itself
     * @param line from 1
     */
    record Finding(String name, long line) {}

    private static SecretPattern of(String name, String regex) {
        return new SecretPattern(name, Pattern.compile(regex));
    }

    /** Returns the first finding of the first pattern that has one. */
    static Optional<Finding> find(byte[] content) {
        String text = new String(content, ISO_8859_1);
        for (SecretPattern known : KNOWN) {
            Matcher matcher = known.pattern.matcher(text);
            if (matcher.find()) {
                long line = 1
                        + text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                return Optional.of(new Finding(known.name, line));
            }
        }
        return Optional.empty();
    }
}
