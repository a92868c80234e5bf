package hudson.model;

public abstract class Cause {

    public static class UserIdCause extends Cause {

        private final String userId;

        public UserIdCause() {
            this(null);
        }

        public UserIdCause(String userId) {
            this.userId = userId;
        }

        public String getUserId() {
            return userId;
        }
    }
}
