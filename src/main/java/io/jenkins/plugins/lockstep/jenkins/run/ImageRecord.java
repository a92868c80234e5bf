package io.jenkins.plugins.lockstep.jenkins.run;

import org.jspecify.annotations.Nullable;

/** An image as a run remembers it: flat, because Jenkins stores it. */
public final class ImageRecord {

    private final String name;
    private final String image;
    private final @Nullable String digest;
    private final boolean reused;

    ImageRecord(String name, String image, @Nullable String digest, boolean reused) {
        this.name = name;
        this.image = image;
        this.digest = digest;
        this.reused = reused;
    }

    /** Returns its name in the project file. */
    public String getName() {
        return name;
    }

    /** Returns repository, tag and digest. */
    public String getImage() {
        return image;
    }

    public @Nullable String getDigest() {
        return digest;
    }

    /** Tells whether the tag held the revision already, so that nothing was built. */
    public boolean isReused() {
        return reused;
    }
}
