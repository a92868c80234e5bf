package io.jenkins.plugins.lockstep.config;

import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.util.List;

public final class ConfigurationReader {

    public Configuration read(List<ConfigSource> sources, RevisionFiles files, String projectDirectory) {
        return Configuration.EMPTY;
    }
}
