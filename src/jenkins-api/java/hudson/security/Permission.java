package hudson.security;

public final class Permission {

    public static final Permission HUDSON_ADMINISTER = new Permission();

    public static final Permission CONFIGURE = new Permission();

    private Permission() {}
}
