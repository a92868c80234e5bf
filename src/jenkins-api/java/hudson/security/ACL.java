package hudson.security;

import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

public abstract class ACL {

    public static final String SYSTEM_USERNAME = "SYSTEM";

    public static final Authentication SYSTEM2 = () -> SYSTEM_USERNAME;

    public static ACLContext as2(Authentication auth) {
        return new ACLContext();
    }

    public final void checkPermission(Permission p) {
        if (!hasPermission(p)) {
            throw new SecurityException(Jenkins.getAuthentication2().getName() + " is missing " + p);
        }
    }

    public final boolean hasPermission(Permission p) {
        return hasPermission2(Jenkins.getAuthentication2(), p);
    }

    public boolean hasPermission2(Authentication a, Permission permission) {
        throw new UnsupportedOperationException();
    }
}
