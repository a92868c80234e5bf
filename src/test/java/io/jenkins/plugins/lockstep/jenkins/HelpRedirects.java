package io.jenkins.plugins.lockstep.jenkins;

import hudson.model.Descriptor;
import java.util.Arrays;
import java.util.Map;

/** Which fields of a form show the help page of another describable's: the declared {@code Descriptor} remembers it. */
final class HelpRedirects {

    private HelpRedirects() {}

    static Map<?, ?> of(Class<?> described) throws ReflectiveOperationException {
        Class<?> type = Arrays.stream(described.getDeclaredClasses())
                .filter(Descriptor.class::isAssignableFrom)
                .findFirst()
                .orElseThrow();
        var descriptor = (Descriptor<?>) type.getConstructor().newInstance();
        var redirects = Descriptor.class.getDeclaredField("helpRedirect");
        redirects.setAccessible(true);
        return (Map<?, ?>) redirects.get(descriptor);
    }
}
