package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.delivery.BundleSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Serializable;

/** A bundle in memory, between a controller and an agent. */
final class BundleBytes implements BundleSource, Serializable {

    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private final String place;

    BundleBytes(byte[] bytes, String place) {
        this.bytes = bytes.clone();
        this.place = place;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public String place() {
        return place;
    }
}
