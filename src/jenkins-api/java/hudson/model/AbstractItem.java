package hudson.model;

import hudson.security.ACL;

public abstract class AbstractItem extends Actionable implements Item {

    private final ItemGroup<? extends Item> parent;
    private final String name;

    @SuppressWarnings({"rawtypes", "unchecked"})
    protected AbstractItem(ItemGroup parent, String name) {
        this.parent = parent;
        this.name = name;
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
    public ACL getACL() {
        throw new UnsupportedOperationException();
    }
}
