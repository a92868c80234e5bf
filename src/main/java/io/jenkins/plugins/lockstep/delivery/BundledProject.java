package io.jenkins.plugins.lockstep.delivery;

/**
 * A project as a bundle tells it: its name, its environments and what is kept. No repository is opened: revisions are named
 * by full or short ids, releases as {@code #N}, and what nobody keeps any more can't be rendered again.
 *
 * @param bundle of any revision of the project; the newest one knows best
 */
public record BundledProject(BundleSource bundle) implements ProjectSource {

    @Override
    public BundledProject atHead() {
        return this;
    }
}
