package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Descriptor.FormException;

/** Two entries of one list have the same name. */
final class TwiceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    TwiceException(Object entry) {
        super("Lockstep: " + entry + " is there twice");
    }

    /**
     * Makes an answer to who sent a form of what Stapler met while it set a field; an object that it makes fails as a
     * {@link LinkageError}.
     *
     * @throws RuntimeException the same one where it is something else, an error too
     */
    static FormException answer(Throwable failure, String field) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TwiceException) {
                return new FormException(cause.getMessage(), field);
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
