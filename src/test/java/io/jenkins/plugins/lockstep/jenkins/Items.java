package io.jenkins.plugins.lockstep.jenkins;

import hudson.model.Item;
import hudson.security.Permission;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Items as far as a form looks at one; real ones need a controller. */
public final class Items {

    private Items() {}

    /** An item on which the current user has just these permissions. */
    public static Item permitting(Permission... permissions) {
        return (Item) Proxy.newProxyInstance(
                Item.class.getClassLoader(), new Class<?>[] {Item.class}, (item, method, arguments) -> {
                    if (method.getName().equals("hasPermission")) {
                        return Set.of(permissions).contains(arguments[0]);
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }
}
