package io.jenkins.plugins.lockstep.jenkins.config;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Cause;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.security.ACL;
import hudson.security.Permission;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.springframework.security.core.Authentication;

/** Folders, jobs and builds as far as the configuration looks at them; real ones need a controller. */
final class TestItems {

    static final ItemGroup<Item> ROOT = () -> "";

    private TestItems() {}

    static final class Folder extends AbstractFolder<TopLevelItem> {

        Folder(ItemGroup<?> parent, String name) {
            super(parent, name);
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    static final class TestJob extends Job {

        private final Map<String, Set<Permission>> granted;

        TestJob(ItemGroup<?> parent, String name, Map<String, Set<Permission>> granted) {
            super(parent, name);
            this.granted = granted;
        }

        TestJob(ItemGroup<?> parent, String name) {
            this(parent, name, Map.of());
        }

        @Override
        public ACL getACL() {
            return new ACL() {
                @Override
                public boolean hasPermission2(Authentication who, Permission permission) {
                    return who == SYSTEM2
                            || granted.getOrDefault(who.getName(), Set.of()).contains(permission);
                }
            };
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    static final class Build extends Run {

        private final Cause.UserIdCause cause;

        Build(TestJob job, String startedBy) throws IOException {
            super(job);
            cause = startedBy == null ? null : new Cause.UserIdCause(startedBy);
        }

        @Override
        public Cause getCause(Class type) {
            return type.isInstance(cause) ? cause : null;
        }
    }
}
