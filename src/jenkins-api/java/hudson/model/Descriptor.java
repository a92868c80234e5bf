package hudson.model;

import java.util.HashMap;
import java.util.Map;

public abstract class Descriptor<T extends Describable<T>> {

    private final Map<String, Class<?>> helpRedirect = new HashMap<>();

    protected Descriptor() {}

    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    @SuppressWarnings("rawtypes")
    protected void addHelpFileRedirect(
            String fieldName, Class<? extends Describable> owner, String fieldNameToRedirectTo) {
        helpRedirect.put(fieldName, owner);
    }

    public synchronized void save() {}

    public synchronized void load() {}
}
