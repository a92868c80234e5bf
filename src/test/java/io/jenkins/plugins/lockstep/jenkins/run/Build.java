package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Cause;
import hudson.model.Run;
import java.io.IOException;
import java.util.Arrays;

/** A build as far as the adapter looks at one; a real one needs a controller, and so does the job of its type. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class Build extends Run {

    private final Cause[] causes;

    Build(Cause... causes) throws IOException {
        super(null);
        this.causes = causes;
    }

    @Override
    public Cause getCause(Class type) {
        return Arrays.stream(causes).filter(type::isInstance).findFirst().orElse(null);
    }

    @Override
    public String getExternalizableId() {
        return "shop/cart#12";
    }
}
