package jenkins.scm.api;

import java.io.Serializable;

public abstract class SCMHeadOrigin implements Serializable {

    private static final long serialVersionUID = 1L;

    public static final SCMHeadOrigin.Default DEFAULT = new Default();

    public SCMHeadOrigin() {}

    public static final class Default extends SCMHeadOrigin {

        private static final long serialVersionUID = 1L;

        private Default() {}
    }

    public static class Fork extends SCMHeadOrigin {

        private static final long serialVersionUID = 1L;

        private final String name;

        public Fork(String name) {
            this.name = name;
        }

        public String getName() {
            return name;
        }
    }
}
