package io.jenkins.plugins.lockstep.jenkins;

import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.security.Permission;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Items as far as a form looks at one; real ones need a controller. */
public final class Items {

    private Items() {}

    /** A job on which, and on the folder around it, the current user has just these permissions. */
    public static Item permitting(Permission... permissions) {
        return jobIn(folder(permissions), permissions);
    }

    /** A job on which the current user has just these permissions, and none on the folder around it. */
    public static Item permittingOnTheJobAlone(Permission... permissions) {
        return jobIn(folder(), permissions);
    }

    private static Item jobIn(Object folder, Permission... permissions) {
        return (Item) proxy(Set.of(permissions), folder, Item.class);
    }

    private static Object folder(Permission... permissions) {
        return proxy(Set.of(permissions), null, Item.class, ItemGroup.class);
    }

    private static Object proxy(Set<Permission> permissions, Object parent, Class<?>... types) {
        return Proxy.newProxyInstance(Item.class.getClassLoader(), types, (item, method, arguments) -> {
            if (method.getName().equals("hasPermission")) {
                return permissions.contains(arguments[0]);
            }
            if (method.getName().equals("getParent") && parent != null) {
                return parent;
            }
            throw new UnsupportedOperationException(method.toString());
        });
    }
}
