package com.cloudbees.plugins.credentials;

import hudson.ExtensionPoint;
import hudson.model.Run;
import java.io.Serializable;

public interface Credentials extends Serializable, ExtensionPoint {
    default Credentials forRun(Run<?, ?> context) {
        return this;
    }
}
