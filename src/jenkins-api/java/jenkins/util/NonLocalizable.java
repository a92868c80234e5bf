package jenkins.util;

import org.jvnet.localizer.Localizable;

public class NonLocalizable extends Localizable {

    private static final long serialVersionUID = 1L;

    private final String nonLocalizable;

    public NonLocalizable(String nonLocalizable) {
        super(null, null);
        this.nonLocalizable = nonLocalizable;
    }

    @Override
    public String toString() {
        return nonLocalizable;
    }
}
