package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Descriptor.FormException;

/** Two entries of one list have the same name. */
final class TwiceException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    TwiceException(Object entry) {
        super("Lockstep: " + entry + " is there twice");
    }

    /**
     * Makes an answer to who sent a form of what Stapler met while it set a field.
     *
     * @throws RuntimeException the same one where it is something else
     */
    static FormException answer(RuntimeException failure, String field) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TwiceException) {
                return new FormException(cause.getMessage(), field);
            }
        }
        throw failure;
    }
}
