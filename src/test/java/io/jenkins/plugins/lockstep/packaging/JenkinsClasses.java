package io.jenkins.plugins.lockstep.packaging;

import java.util.stream.Stream;

/** What belongs to a controller and to no archive of ours. */
final class JenkinsClasses {

    private JenkinsClasses() {}

    static boolean isOne(String entry) {
        return Stream.of(
                        "hudson/", "jenkins/", "org/jenkinsci/", "org/kohsuke/", "net/java/sezpoz/", "jakarta/servlet/")
                .anyMatch(entry::startsWith);
    }
}
