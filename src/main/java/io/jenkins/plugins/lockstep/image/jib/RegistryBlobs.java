package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestException;

/** The parts of an image in a registry; the manifest is asked for first, which does the login. */
final class RegistryBlobs implements ImageBlobs {

    private final RegistrySession session;

    RegistryBlobs(RegistrySession session) {
        this.session = session;
    }

    @Override
    public String manifest(String digest) throws IOException, RegistryException {
        return session.document(digest).json();
    }

    @Override
    public String text(String digest) throws IOException, RegistryException {
        return session.text(parsed(digest));
    }

    @Override
    public void copy(String digest, OutputStream to) throws IOException {
        session.blob(parsed(digest)).writeTo(to);
    }

    @Override
    public void close() throws IOException {
        session.close();
    }

    static DescriptorDigest parsed(String digest) throws IOException {
        try {
            return DescriptorDigest.fromDigest(digest);
        } catch (DigestException e) {
            throw new IOException("'" + digest + "' in a manifest is no digest", e);
        }
    }
}
