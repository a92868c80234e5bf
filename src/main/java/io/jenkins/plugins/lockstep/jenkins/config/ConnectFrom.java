package io.jenkins.plugins.lockstep.jenkins.config;

/** Where the connection to a cluster is made from. */
public enum ConnectFrom {
    CONTROLLER("Controller"),
    AGENT("The agent of the step");

    private final String displayName;

    ConnectFrom(String displayName) {
        this.displayName = displayName;
    }

    public String getDisplayName() {
        return displayName;
    }
}
