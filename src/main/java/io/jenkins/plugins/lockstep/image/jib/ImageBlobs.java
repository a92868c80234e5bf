package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.RegistryException;
import java.io.IOException;
import java.io.OutputStream;

/** Reads the parts of one image by digest, wherever they are kept. */
interface ImageBlobs extends AutoCloseable {

    /** Returns a manifest or an index as JSON. */
    String manifest(String digest) throws IOException, RegistryException;

    /** Returns a small blob, a configuration, whole. */
    String text(String digest) throws IOException, RegistryException;

    /** Writes a blob as it is stored, in pieces. */
    void copy(String digest, OutputStream to) throws IOException, RegistryException;

    @Override
    void close() throws IOException;
}
