package hudson.model;

import hudson.security.ACL;
import java.io.File;

public abstract class AbstractItem extends Actionable implements Item {

    private final ItemGroup<? extends Item> parent;
    private final String name;

    @SuppressWarnings({"rawtypes", "unchecked"})
    protected AbstractItem(ItemGroup parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public File getRootDir() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ItemGroup<? extends Item> getParent() {
        return parent;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    @Override
    public final String getFullName() {
        String above = parent.getFullName();
        return above.isEmpty() ? name : above + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        return getFullName();
    }

    @Override
    public final String getUrl() {
        return "job/" + getFullName().replace("/", "/job/") + "/";
    }

    @Override
    public ACL getACL() {
        throw new UnsupportedOperationException();
    }
}
