package hudson.security;

import org.jvnet.localizer.Localizable;

public final class Permission {

    public static final Permission HUDSON_ADMINISTER = new Permission("Administer");

    public static final Permission READ = new Permission("GenericRead");

    public static final Permission UPDATE = new Permission("GenericUpdate");

    public static final Permission CONFIGURE = new Permission("GenericConfigure");

    public final PermissionGroup group;

    public final String name;

    public final Localizable description;

    public final Permission impliedBy;

    public Permission(
            PermissionGroup group, String name, Localizable description, Permission impliedBy, PermissionScope scope) {
        this.group = group;
        this.name = name;
        this.description = description;
        this.impliedBy = impliedBy;
    }

    private Permission(String name) {
        this(null, name, null, null, null);
    }

    @Override
    public String toString() {
        return name;
    }
}
