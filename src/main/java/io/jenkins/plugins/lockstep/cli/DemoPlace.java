package io.jenkins.plugins.lockstep.cli;

import java.util.List;

/**
 * Where the demo's story happens.
 *
 * @param repository the image repository
 * @param base the base image
 * @param cluster whether pods run there
 * @param options what each command is given to go there
 */
record DemoPlace(String repository, String base, boolean cluster, List<String> options) {

    DemoPlace {
        options = List.copyOf(options);
    }
}
