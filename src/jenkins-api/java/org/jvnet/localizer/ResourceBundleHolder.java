package org.jvnet.localizer;

public final class ResourceBundleHolder {

    private ResourceBundleHolder() {}
}
