package hudson.model;

import hudson.security.AccessControlled;
import hudson.security.Permission;

public interface Item extends PersistenceRoot, AccessControlled {
    ItemGroup<? extends Item> getParent();

    String getName();

    String getFullName();

    String getDisplayName();

    String getFullDisplayName();

    String getUrl();

    Permission CONFIGURE = Permission.CONFIGURE;
    Permission READ = Permission.READ;
    Permission BUILD = Permission.UPDATE;
}
