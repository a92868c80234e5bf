package io.jenkins.plugins.lockstep.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the bytes of a bundle are: a file, or wherever a front end keeps them. */
public interface BundleSource {

    /** Opens the bytes once more, from their beginning; the caller closes them. */
    InputStream open() throws IOException;

    /** Says what errors call it: a file, or a build. */
    String place();

    /** Returns a bundle in a file. */
    static BundleSource file(Path file) {
        return new BundleFile(file);
    }
}
